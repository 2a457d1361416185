import { expect, test } from "vitest";
import { loadChannels } from "../src/channels/registry/load-channels.ts";
import type { ApiDocument } from "./support/api-types.ts";
import { describeApiTypes } from "./support/api-types.ts";
import { startProgram } from "./support/program.ts";
import { describeProviders } from "./support/provider-docs.ts";
import { describeSchema } from "./support/schema.ts";
import { openStore } from "./support/store.ts";

/** What the documents say is what the program does. After a change: `npx vitest run test/docs.test.ts -u`. */

test("docs/schema.sql is the schema that the migrations make", async () => {
  const database = await openStore();
  await expect(await describeSchema(database)).toMatchFileSnapshot("../docs/schema.sql");
  await database.close();
});

test("docs/openapi.json is the API that is served, client/openapi.d.ts its types", async () => {
  const program = await startProgram();
  const served = await fetch(`${program.url}/openapi.json`);
  const document = (await served.json()) as ApiDocument;
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot("../docs/openapi.json");
  await expect(describeApiTypes(document)).toMatchFileSnapshot("../client/openapi.d.ts");
  await program.stop();
});

test("docs/providers.md is what the channels declare", async () => {
  const channels = await loadChannels();
  await expect(describeProviders(channels.values())).toMatchFileSnapshot("../docs/providers.md");
});
