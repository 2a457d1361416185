import type { Outcome } from "../../domain/outcome.ts";
import type { OutgoingText, ProviderAnswer, SendContext } from "../types.ts";
import {
  type Answered,
  errorText,
  failureOutcome,
  isAccessDenied,
  isSuccess,
  readId,
  sendOutcome,
} from "./answer.ts";
import { isFields, readJson, readPhone, readText } from "./body.ts";

/**
 * Two ways out. Direct: one call with the number. Contact mode: Mobiniti sends only to contacts, so the contact
 * is known, found or made first, and kept for good. `auto` goes direct until Mobiniti says that this account has
 * no such call, and remembers that.
 *
 * Nothing but a readable list without the number leads to a new contact: an error taken for "not found" would
 * make a second contact for the same person.
 */
const SEND_BY_KEY = "send-by";
/** Set once a contact id taken from an inbound text was wrong: such ids are not kept any more. */
export const INBOUND_IDS_KEY = "inbound-contact-ids";
export const DEFAULT_API_URL = "https://api.mobiniti.com/v1";
export const NOT_CONFIGURED = "Mobiniti not configured. Please add Access Token.";

const TIMEOUT_MS = 15_000;
const MAX_LOOKUP_PAGES = 10;
const FROM_INBOUND = "in:";
const CONTACT_HINT =
  "check the scope messages.create, that the number is E.164 such as +14155551234, and credits or quota";

type Path = "/message" | "/messages" | "/contacts";
type Api = (method: "GET" | "POST", path: Path, content: string) => Promise<ProviderAnswer>;
type Found = { contactId: string | null } | { failed: Outcome };

export function contactKey(phone: string): string {
  return `contact:${phone}`;
}

/** How a contact id that came with an inbound text is kept, so that a wrong one can be told from a proven one. */
export function inboundContactId(id: string): string {
  return FROM_INBOUND + id;
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const phone = readPhone(text.to, context.country) ?? text.to;
  const mode = await sendMode(context);
  if (mode === "contact") return sendToContact(api, phone, text.text, context);
  const from = text.from || context.address;
  const body = { phone_number: phone, message: text.text, ...(from === "" ? {} : { from }) };
  const answer = await api("POST", "/message", JSON.stringify(body));
  if (mode === "auto" && hasNoDirectCall(answer)) {
    await context.memory.put(SEND_BY_KEY, "contact");
    return sendToContact(api, phone, text.text, context);
  }
  return sendOutcome(answer);
}

export async function probeAccount(context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await api("GET", "/contacts", "?limit=1");
  if (!isSuccess(answer)) return failureOutcome(answer, "prepare", "Unknown error");
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

function hasNoDirectCall(answer: ProviderAnswer): boolean {
  return answer.ok && (answer.status === 403 || answer.status === 404) && !isAccessDenied(answer);
}

async function sendMode(context: SendContext): Promise<"auto" | "direct" | "contact"> {
  const wanted = context.settings.sendBy;
  if (wanted === "direct" || wanted === "contact") return wanted;
  return (await context.memory.get(SEND_BY_KEY)) === "contact" ? "contact" : "auto";
}

async function sendToContact(
  api: Api,
  phone: string,
  message: string,
  context: SendContext,
): Promise<Outcome> {
  const { memory } = context;
  const key = contactKey(phone);
  const post = (contactId: string): Promise<ProviderAnswer> =>
    api("POST", "/messages", JSON.stringify({ contact_id: contactId, message }));

  const kept = await memory.get(key);
  const keptId = kept?.startsWith(FROM_INBOUND) ? kept.slice(FROM_INBOUND.length) : kept;
  if (keptId) {
    const answer = await post(keptId);
    if (!refusesContact(answer)) return sendOutcome(answer);
    await memory.drop(key);
  }
  const found = await findOrCreate(api, phone, context.country);
  if ("failed" in found) return found.failed;
  if (kept?.startsWith(FROM_INBOUND) && found.contactId !== keptId)
    await memory.put(INBOUND_IDS_KEY, "refused");
  await memory.put(key, found.contactId);
  return sendOutcome(await post(found.contactId));
}

function refusesContact(answer: ProviderAnswer): boolean {
  return answer.ok && (answer.status === 404 || answer.status === 422);
}

async function findOrCreate(
  api: Api,
  phone: string,
  country: string,
): Promise<{ contactId: string } | { failed: Outcome }> {
  const found = await findContact(api, phone, country);
  if ("failed" in found) return found;
  if (found.contactId !== null) return { contactId: found.contactId };

  const answer = await api("POST", "/contacts", JSON.stringify({ phone_number: phone }));
  if (!isSuccess(answer)) return { failed: createFailure(answer) };
  const contactId = readId(readJson(answer.body));
  if (contactId !== null) return { contactId };
  return {
    failed: { kind: "refused", reason: "other", code: null, text: "Contact created but no ID returned" },
  };
}

/** Whether or not the contact was made, no text was sent yet: the next try looks it up first. */
function createFailure(answer: ProviderAnswer): Outcome {
  const failed = failureOutcome(answer, "prepare", "Failed to create contact");
  return failed.kind === "refused" ? { ...failed, text: `${failed.text} (${CONTACT_HINT})` } : failed;
}

/** The filter may be ignored, so numbers are compared here and further pages are read, ten at most. */
async function findContact(api: Api, phone: string, country: string): Promise<Found> {
  const query = `?phone_number=${encodeURIComponent(phone)}`;
  for (let page = 1; page <= MAX_LOOKUP_PAGES; page++) {
    const answer = await api("GET", "/contacts", page === 1 ? query : `${query}&page=${page}`);
    if (!isSuccess(answer)) return { failed: failureOutcome(answer, "prepare", "Unknown error") };
    const list = readList(answer);
    if (list === null) {
      return { failed: { kind: "unreachable", text: errorText(answer, "Unreadable list of contacts") } };
    }
    for (const entry of list.entries) {
      if (!isFields(entry) || readPhone(entry.phone_number, country) !== phone) continue;
      const contactId = readText(entry.id);
      if (contactId !== null) return { contactId };
    }
    if (page >= list.pages) break;
  }
  return { contactId: null };
}

function readList(answer: Answered): { entries: unknown[]; pages: number } | null {
  const body = readJson(answer.body);
  if (Array.isArray(body)) return { entries: body, pages: 1 };
  if (!isFields(body) || !Array.isArray(body.data)) return null;
  const pagination = isFields(body.meta) ? body.meta.pagination : null;
  const pages = isFields(pagination) ? Number(pagination.total_pages) : 1;
  return { entries: body.data, pages: Number.isInteger(pages) ? pages : 1 };
}

/** Calls with the account's token; null without one. `content` is the query of a GET, the body of a POST. */
function createApi(context: SendContext): Api | null {
  const token = readText(context.settings.accessToken);
  if (token === null) return null;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    accept: "application/json",
  };
  return async (method, path, content) => {
    const get = method === "GET";
    const answer = await context.call(`${method} ${path}`, {
      method,
      url: base + path + (get ? content : ""),
      headers,
      ...(get ? {} : { body: content }),
      timeoutMs: TIMEOUT_MS,
    });
    // Answers end up in texts and logs; one that repeats the token must not carry it there.
    return answer.ok ? { ...answer, body: answer.body.replaceAll(token, "••••") } : answer;
  };
}
