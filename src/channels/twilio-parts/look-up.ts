import { isFields, readFields, readText } from "../../tools/json-body.ts";
import type { FoundText, OutgoingText, SendContext } from "../types.ts";
import { statusOfWord } from "./arrivals.ts";
import { meaningOf } from "./codes.ts";
import { isSuccess, openAccount, readCode } from "./send.ts";

/** Twilio's clock and ours may differ by so much, and a text may wait so long before it is noted there, ms. */
const CLOCKS_DIFFER_MS = 120_000;
const NOTED_WITHIN_MS = 900_000;

/**
 * Twilio takes no idempotency key, but lists what it was given: by recipient, sender and day. A Messaging Service
 * chooses the sender by itself.
 */
export async function lookUpText(
  text: OutgoingText,
  sentAt: Date,
  context: SendContext,
): Promise<FoundText[] | null> {
  const account = openAccount(context);
  if (account === null) return null;
  const query = new URLSearchParams({ To: text.to });
  const service = readText(context.settings.messagingServiceSid);
  if (service === null) query.set("From", text.from || context.address);
  // From that day on: what was handed over before midnight may have left after it.
  query.set("DateSent>", sentAt.toISOString().slice(0, 10));
  query.set("PageSize", "100");
  const answer = await account.get("/Messages.json", `?${query}`);
  if (!isSuccess(answer)) return null;
  const body = readFields(answer.body);
  if (!Array.isArray(body?.messages)) return null;
  return body.messages.flatMap((one: unknown) => readFound(one, text, sentAt) ?? []);
}

function readFound(one: unknown, text: OutgoingText, sentAt: Date): FoundText | null {
  if (!isFields(one) || !(readText(one.direction) ?? "outbound").startsWith("outbound")) return null;
  if (typeof one.body !== "string" || one.body.trim() !== text.text.trim()) return null;
  const age = Date.parse(readText(one.date_created) ?? "") - sentAt.getTime();
  if (age < -CLOCKS_DIFFER_MS || age > NOTED_WITHIN_MS) return null;
  const providerMessageId = readText(one.sid);
  if (providerMessageId === null) return null;
  const code = readCode(one.error_code);
  return {
    providerMessageId,
    status: statusOfWord(readText(one.status) ?? "") ?? "handed_over",
    code,
    description: readText(one.error_message) ?? meaningOf(code)?.words ?? null,
  };
}
