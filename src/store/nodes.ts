import type pg from "pg";
import type { Database, Reader } from "./database.ts";

/**
 * Tells the living from the dead: each process holds an advisory lock on its name over a connection of its
 * own. The kernel closes the connection with the process, PostgreSQL drops the lock, and others see it.
 */
export interface NodePresence {
  name: string;
  close(): Promise<void>;
}

export async function joinAsNode(
  database: Database,
  name: string,
  onNotify: (channel: string) => void,
): Promise<NodePresence> {
  let client: pg.Client | null = null;
  let closed = false;

  async function hold(): Promise<void> {
    const next = await database.connect();
    try {
      await next.query("select pg_advisory_lock(hashtextextended($1, 0))", [name]);
      await next.query("listen signalbox_inbox");
      await next.query("listen signalbox_outbox");
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    if (closed) return next.end();
    next.on("notification", (message) => onNotify(message.channel));
    next.on("end", () => {
      if (!closed) retry();
    });
    client = next;
  }

  // The database restarted: take the name again as soon as it answers.
  function retry(): void {
    setTimeout(() => {
      if (!closed) hold().catch(retry);
    }, 250).unref();
  }

  await hold();
  return {
    name,
    async close() {
      closed = true;
      await client?.end();
    },
  };
}

/** Tells the workers of other processes that there is something to do; a hint, so failures only get noted. */
export function notifyOthers(
  reader: Reader,
  channel: "signalbox_inbox" | "signalbox_outbox",
  onError: (error: Error) => void,
): void {
  reader.run("nodes-notify", "select pg_notify($1, '')", [channel]).catch(onError);
}
