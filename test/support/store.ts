import { randomUUID } from "node:crypto";
import type { Database } from "../../src/store/database.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { NewArrival } from "../../src/store/inbox.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createDatabase } from "./database.ts";

/** A migrated database of its own, for tests of the store alone. */
export async function openStore(): Promise<Database & { url: string }> {
  const url = await createDatabase();
  const database = openDatabase({
    connections: [{ connectionString: url }],
    maxConnections: 10,
    onError: () => undefined,
  });
  await migrate(database);
  return Object.assign(database, { url });
}

/** An inbound text as a door hands it over. */
export function arrivalOf(over: {
  from: string;
  text?: string;
  key?: string;
  channelId?: string;
}): NewArrival {
  return {
    tenantId: "ten_1",
    channelId: over.channelId ?? "chn_1",
    dedupeKey: over.key ?? randomUUID(),
    arrival: {
      kind: "message",
      providerMessageId: null,
      from: over.from,
      to: "64600",
      text: over.text ?? "hello",
      media: [],
      providerTime: null,
      providerContactId: null,
    },
    aside: null,
    raw: Buffer.from("{}"),
    headers: {},
    door: "inbound",
    client: "127.0.0.1",
    receivedAt: new Date(),
  };
}
