import type { MessageArrival } from "../../domain/arrival.ts";
import type { Tx } from "../../store/database.ts";
import { heardAt, markRepeats, spokeBetween } from "../../store/repeats.ts";

/** The same words from the same person within this time are one text, unless we have said something in between, ms. */
const AT_ONCE_MS = 4_000;

interface Text {
  seq: number;
  tenantId: string;
  channelId: string;
  arrival: MessageArrival;
  receivedAt: Date;
}

/**
 * Takes out the repeats of texts that their provider gives no key for. "1", our question and "1" again are two
 * answers; nobody has read a question that we write only after the second one came.
 */
export async function withoutRepeats<T extends Text>(
  tx: Tx,
  texts: T[],
): Promise<{ texts: T[]; repeats: T[] }> {
  if (!texts.some(({ arrival }) => arrival.mayRepeat)) return { texts, repeats: [] };
  const repeats: T[] = [];
  const heard = new Map<string, Date>();
  for (const text of texts) {
    if (!text.arrival.mayRepeat || text.arrival.media.length > 0) continue;
    const key = JSON.stringify([text.channelId, text.arrival.from, text.arrival.to, text.arrival.text]);
    if (await isRepeat(tx, text, heard.get(key) ?? null)) repeats.push(text);
    else heard.set(key, text.receivedAt);
  }
  await markRepeats(
    tx,
    repeats.map(({ seq }) => seq),
  );
  return { texts: texts.filter((text) => !repeats.includes(text)), repeats };
}

async function isRepeat(tx: Tx, text: Text, inBatch: Date | null): Promise<boolean> {
  const { tenantId, channelId, receivedAt } = text;
  const { from: phone, to, text: words } = text.arrival;
  const since = new Date(receivedAt.getTime() - AT_ONCE_MS);
  const person = { tenantId, phone };
  const before =
    inBatch ?? (await heardAt(tx, { ...person, channelId, to, text: words, since, until: receivedAt }));
  if (before === null || before <= since) return false;
  return !(await spokeBetween(tx, person, before, receivedAt));
}
