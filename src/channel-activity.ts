import type { Reader } from "./store/database.ts";
import type { Activity } from "./store/health.ts";
import { noteActivity } from "./store/health.ts";
import type { NewArrival } from "./store/inbox.ts";

/** When something came in last by each channel. Noted in memory, written once a second: no request waits for it. */
export interface ChannelActivity {
  note(arrivals: NewArrival[]): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 1_000;

export function createChannelActivity(reader: Reader, onFault: (error: unknown) => void): ChannelActivity {
  let fresh = new Map<string, Activity>();

  async function flush(): Promise<void> {
    const rows = [...fresh.values()];
    fresh = new Map();
    // Always in the same order: several processes write the same rows.
    rows.sort((one, other) => (one.channelId < other.channelId ? -1 : 1));
    await noteActivity(reader, rows);
  }

  const flushQuietly = () => flush().catch(onFault);
  const timer = setInterval(flushQuietly, EVERY_MS);
  timer.unref();
  return {
    note(arrivals) {
      for (const { channelId, arrival, receivedAt } of arrivals) {
        const known = fresh.get(channelId);
        const receiptAt = arrival?.kind === "receipt" ? receivedAt : (known?.receiptAt ?? null);
        fresh.set(channelId, { channelId, inboundAt: receivedAt, receiptAt });
      }
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flushQuietly();
    },
  };
}
