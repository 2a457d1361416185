import { createHmac, timingSafeEqual } from "node:crypto";
import type { ChannelProvider, ChannelSettings, ProviderAnswer } from "../../../src/channels/types.ts";
import type { Arrival } from "../../../src/domain/arrival.ts";
import type { Outcome } from "../../../src/domain/outcome.ts";

/** A provider nobody has, complete in one file. The suite copies it into a folder of its own. */
const WINDOW_S = 300;
const DEFAULT_API_URL = "https://api.dummy.example/v1";

type Fields = Record<string, unknown>;

export const channel: ChannelProvider = {
  provider: "dummy",
  title: "Dummy",
  settings: [
    {
      key: "authToken",
      label: "Auth token",
      help: "From the account page.",
      type: "text",
      required: true,
      secret: true,
      proves: true,
      example: "dm_0123456789",
    },
    {
      key: "apiUrl",
      label: "API URL",
      help: "Base of the API; another one for tests.",
      type: "url",
      required: false,
      secret: false,
      example: DEFAULT_API_URL,
      advanced: true,
    },
  ],
  doors: [{ kind: "inbound", help: "Dummy: Settings > Webhooks > Messages" }],
  pacePerRouteMs: null,
  concurrency: 4,
  idempotentSend: false,
  maxSegments: 10,

  check(settings) {
    const issues = [];
    if (!/^[\x21-\x7e]+$/.test(token(settings))) issues.push({ path: "authToken", message: "is no token" });
    const url = settings.apiUrl ? String(settings.apiUrl) : DEFAULT_API_URL;
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
      issues.push({ path: "apiUrl", message: "is no address" });
    return issues;
  },

  verify(request, settings) {
    const refused = { genuine: false, reason: "bad_signature", log: "Dummy webhook refused" };
    const key = token(settings);
    const { "x-dummy-timestamp": timestamp, "x-dummy-signature": given } = request.headers;
    if (key === "" || typeof timestamp !== "string" || typeof given !== "string") return refused;
    const age = Math.abs(request.receivedAt.getTime() / 1000 - Number(timestamp));
    if (!(age <= WINDOW_S)) return refused;
    const wanted = createHmac("sha256", key).update(`${timestamp}.`).update(request.rawBody).digest("hex");
    const equal = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
    return equal ? { genuine: true } : refused;
  },

  parse(request, context) {
    const body = readJson(request.rawBody.toString("utf8"));
    if (body === null) return { ok: false, reason: "The body is not a JSON object" };
    const { event, status } = body;
    const [id, from, text, code] = [body.id, body.from, body.text, body.code].map(readText);
    if (!id) return { ok: false, reason: "id is missing" };
    if (event === "text" && from && text !== null && text !== undefined) {
      const arrival: Arrival = {
        kind: "message",
        providerMessageId: id,
        from,
        to: context.address,
        text,
        media: [],
        providerTime: null,
        providerContactId: null,
      };
      return { ok: true, arrivals: [{ dedupeKey: id, arrival }] };
    }
    if (event === "state" && (status === "sent" || status === "delivered")) {
      const arrival: Arrival = {
        kind: "receipt",
        providerMessageId: id,
        phone: null,
        text: null,
        status,
        code: code ?? null,
        description: null,
        bounce: false,
      };
      return { ok: true, arrivals: [{ dedupeKey: [id, status].join(":"), arrival }] };
    }
    return { ok: true, arrivals: [{ dedupeKey: id, arrival: { kind: "ignored", reason: "unknown event" } }] };
  },

  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),

  async send(text, context) {
    const key = token(context.settings);
    if (key === "") return { kind: "broken-credential", text: "Dummy not configured" };
    const answer = await context.call("POST /texts", {
      method: "POST",
      url: `${context.settings.apiUrl || DEFAULT_API_URL}/texts`,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ to: text.to, from: text.from, text: text.text }),
      timeoutMs: 10_000,
    });
    return outcomeOf(answer, key);
  },

  async probe(context) {
    const key = token(context.settings);
    if (key === "") return { kind: "broken-credential", text: "Dummy not configured" };
    const answer = await context.call("GET /account", {
      method: "GET",
      url: `${context.settings.apiUrl || DEFAULT_API_URL}/account`,
      headers: { authorization: `Bearer ${key}` },
      timeoutMs: 10_000,
    });
    const outcome = outcomeOf(answer, key);
    return outcome.kind === "uncertain" ? { kind: "unreachable", text: outcome.text } : outcome;
  },
};

function token(settings: ChannelSettings): string {
  return typeof settings.authToken === "string" ? settings.authToken.trim() : "";
}

function readJson(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function readText(value: unknown): string | null {
  return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed() : null;
}

function outcomeOf(answer: ProviderAnswer, key: string): Outcome {
  if (!answer.ok) return { kind: answer.reached ? "uncertain" : "unreachable", text: answer.text };
  const { status, headers } = answer;
  const text = `HTTP ${status} ${answer.body}`.replaceAll(key, "***").slice(0, 500);
  const wait = /^\d+$/.exec(headers["retry-after"] ?? "")?.[0];
  if (status === 429) return { kind: "throttled", retryAfterMs: wait ? Number(wait) * 1000 : null, text };
  if (status === 401) return { kind: "broken-credential", text };
  if (status >= 500) return { kind: "uncertain", text };
  if (status >= 300) return { kind: "refused", reason: "other", code: String(status), text };
  const body = readJson(answer.body);
  if (body === null) return { kind: "uncertain", text };
  const id = typeof body.id === "string" ? body.id : null;
  return { kind: "accepted", providerMessageId: id, status: "handed_over" };
}
