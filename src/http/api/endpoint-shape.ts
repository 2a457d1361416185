import { z } from "zod";
import type { Issue } from "../../domain/errors.ts";
import { EVENT_TYPES } from "../../domain/events.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { faultOfHeaderName } from "../../tools/own-headers.ts";
import type { ApiDeps } from "./deps.ts";
import { closed, name, Revision, Time, text, whole } from "./shapes.ts";

/** What an endpoint is made of, and what may stand in it. */

export const LONGEST_TIMEOUT_MS = 30_000;
const SECONDS_OF_A_WEEK = 7 * 24 * 3_600;
const LONGEST_WAIT_SECONDS = 48 * 3_600;

export const Url = z
  .string({ error: "must be an address such as https://example.com/hooks" })
  .trim()
  .max(4_000)
  .transform(cleanText);

export const Secret = text(512)
  .nullable()
  .describe("One of your own (`whsec_` and Base64, `whsk_` and Base64, or any text); null: sign nothing");

const schedule = z
  .array(whole(1, LONGEST_WAIT_SECONDS))
  .max(20)
  .refine((waits) => waits.reduce((sum, wait) => sum + wait, 0) < SECONDS_OF_A_WEEK, {
    error: "must add up to less than 7 days",
  });

const fields = {
  url: Url,
  types: z
    .array(text(60))
    .min(1, "must name at least one type")
    .max(60)
    .describe('Types of events, beginnings such as `message.*`, or `*`. With format "mobiniti": one kind'),
  channelIds: z.array(text(100)).max(100).describe("Only what came by these channels; empty: by any"),
  format: text(60).describe("How events are written down; `signalbox` is our own"),
  formatOptions: z
    .object({
      unknownOnly: z
        .boolean()
        .optional()
        .describe("mobiniti, inbound: only texts that nothing else answered"),
      threshold: whole(1, 1_000).optional().describe("mobiniti, bounce: from so many bounces on"),
    })
    .describe("What only some formats know"),
  enabled: z.boolean(),
  rate: z.number().min(0.01).max(10_000).nullable().describe("Requests a second; null: no limit"),
  concurrency: whole(1, 64).describe("Requests at once"),
  timeoutMs: whole(1_000, 60_000).describe("Longest wait for an answer; over 30 s only with format mobiniti"),
  schedule: schedule.nullable().describe("Waits before the second and later tries, seconds; null: the usual"),
  ordering: z
    .enum(["none", "key", "endpoint"])
    .describe("key: one after the other for each contact or item; endpoint: all of them"),
  onExhausted: z.enum(["hold", "skip"]).describe("In order: what becomes of the rest when one is given up"),
  signing: z.enum(["v1", "v1a", "both"]).describe("v1: HMAC; v1a: Ed25519"),
  headers: z
    .record(z.string().max(100), text(2_000).nullable())
    .describe("Headers of your own, shown as ••••; null takes one away"),
};

const ECHOED = [
  "id",
  "source",
  "sourceId",
  "disabledReason",
  "secretSet",
  "publicKey",
  "secrets",
  "createdAt",
  "updatedAt",
  "revision",
];

export const NewEndpoint = closed(
  {
    ...fields,
    types: fields.types.default(["*"]),
    channelIds: fields.channelIds.default([]),
    format: fields.format.default("signalbox"),
    formatOptions: fields.formatOptions.default({}),
    enabled: fields.enabled.default(true),
    rate: fields.rate.default(null),
    concurrency: fields.concurrency.default(8),
    timeoutMs: fields.timeoutMs.optional(),
    schedule: fields.schedule.default(null),
    ordering: fields.ordering.default("none"),
    onExhausted: fields.onExhausted.default("hold"),
    signing: fields.signing.optional(),
    headers: fields.headers.default({}),
    secret: Secret.optional(),
  },
  ECHOED,
);
export type NewEndpoint = z.output<typeof NewEndpoint>;

export const EndpointPatch = closed(
  {
    ...z.object(fields).partial().shape,
    secret: Secret.optional(),
    release: z
      .enum(["send", "discard"])
      .optional()
      .describe("On enabling: what becomes of what was held meanwhile; send is the usual"),
  },
  ECHOED,
);
export type EndpointPatch = z.output<typeof EndpointPatch>;

export const EndpointView = z.object({
  id: z.string(),
  source: z
    .enum(["endpoint", "forward_all", "rule", "integration", "callback"])
    .describe("endpoint: made by a person; the others belong to what they are named after"),
  sourceId: z.string().nullable(),
  url: z.string(),
  types: z.array(z.string()),
  channelIds: z.array(z.string()),
  format: z.string(),
  formatOptions: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  disabledReason: z.string().nullable().describe("by_user, gone, failing_5_days"),
  rate: z.number().nullable(),
  concurrency: z.number(),
  timeoutMs: z.number(),
  schedule: z.array(z.number()).nullable(),
  ordering: z.enum(["none", "key", "endpoint"]),
  onExhausted: z.enum(["hold", "skip"]),
  signing: z.enum(["v1", "v1a", "both"]),
  headers: z.record(z.string(), z.string()).describe("Values are shown as ••••"),
  secretSet: z.boolean(),
  publicKey: z.string().nullable().describe("`whpk_…`: what `v1a` is checked with"),
  secrets: z
    .array(z.object({ id: z.string(), kind: z.string(), createdAt: Time, validUntil: Time.nullable() }))
    .describe("Those that sign now, newest first"),
  createdAt: Time,
  updatedAt: Time,
  revision: Revision,
});
export type EndpointView = z.infer<typeof EndpointView>;

export const CreatedEndpoint = EndpointView.extend({
  secret: z.string().nullable().describe("`whsec_…`, shown this once; null: there is none"),
});

export const ReplayOrder = closed({
  since: z.iso.datetime({ offset: true, error: "must be a time like 2026-01-31T08:00:00Z" }),
  until: z.iso
    .datetime({ offset: true, error: "must be a time like 2026-01-31T08:00:00Z" })
    .nullish()
    .describe("Left out: now"),
  types: fields.types.optional().describe("Left out: the endpoint's own"),
  states: z
    .enum(["exhausted", "all", "missing"])
    .default("exhausted")
    .describe("exhausted: given up; missing: those that never had a delivery here"),
  rate: z.number().min(0.1).max(1_000).default(10).describe("Deliveries a second"),
});

export const RotateOrder = closed({
  overlapHours: whole(0, 168).default(24).describe("How long the old secret signs too; 0: not at all"),
  secret: name(512).optional().describe("Your own instead of a made one"),
  switchNow: z.boolean().default(false).describe("Makes no new one: ends the old ones now"),
});
export type RotateOrder = z.output<typeof RotateOrder>;

/** What a secret is shown as; sent back, it stays as it is. */
export const DOTS = "••••";

/** What Mobiniti calls its webhooks, and the events behind each. */
const MOBINITI_KINDS: Record<string, string[]> = {
  inbound: ["message.received"],
  unsubscribe: ["contact.unsubscribed"],
  bounce: ["contact.bounced"],
  "delivery-report": ["message.delivered", "message.failed"],
  "contact-status": ["contact.status_changed"],
  rejected: ["message.rejected", "message.failed"],
};

/** What a format takes, as it is stored: `kind` for formats with one kind for each address. */
export type Wanted = { ok: true; types: string[]; kind: string | null } | { ok: false; issues: Issue[] };

export function readTypes(format: string, types: string[]): Wanted {
  if (format === "mobiniti") return mobinitiKind(types);
  const unknown = types.findIndex((type) => !isKnownType(type));
  if (unknown >= 0) return bad(`types.${unknown}`, `is no type of event: "${types[unknown]}"`);
  if (format !== "mobile-api-connect") return { ok: true, types: [...new Set(types)], kind: null };
  const other = types.findIndex((type) => !["message.received", "message.*", "*"].includes(type));
  if (other >= 0) return bad(`types.${other}`, "this format tells of message.received only");
  return { ok: true, types: ["message.received"], kind: null };
}

function mobinitiKind([first = "", ...more]: string[]): Wanted {
  const byEvent = Object.keys(MOBINITI_KINDS).find((kind) => MOBINITI_KINDS[kind]?.[0] === first);
  const kind = Object.hasOwn(MOBINITI_KINDS, first) ? first : byEvent;
  if (kind === undefined) return bad("types.0", `must be one of ${Object.keys(MOBINITI_KINDS).join(", ")}`);
  if (more.length > 0) return bad("types.1", "this format has one kind for each address");
  return { ok: true, types: MOBINITI_KINDS[kind] ?? [], kind };
}

function isKnownType(type: string): boolean {
  if (type === "*" || EVENT_TYPES.includes(type)) return true;
  return type.endsWith(".*") && EVENT_TYPES.some((known) => known.startsWith(type.slice(0, -1)));
}

function bad(path: string, message: string): Wanted {
  return { ok: false, issues: [{ path, message }] };
}

const MOST_HEADERS = 20;

/** Names in small letters; what is wrong with them by path. */
export function readHeaders(headers: Record<string, string | null>): {
  headers: Record<string, string | null>;
  issues: Issue[];
} {
  const read: Record<string, string | null> = {};
  const issues: Issue[] = [];
  for (const [given, value] of Object.entries(headers)) {
    const header = given.toLowerCase();
    const path = `headers.${given}`;
    const fault = faultOfHeaderName(header);
    if (fault !== null) issues.push({ path, message: fault });
    else if (value !== null && value !== DOTS && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      issues.push({ path, message: "holds characters that no header may hold" });
    read[header] = value;
  }
  if (Object.keys(headers).length > MOST_HEADERS)
    issues.push({ path: "headers", message: `at most ${MOST_HEADERS} are possible` });
  return { headers: read, issues };
}

/** What may stand in logs and events: the query may hold a key. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}

/** Why an address may not be called, if so. */
export function urlIssues(deps: Pick<ApiDeps, "checkTarget">, url: string, path = "url"): Issue[] {
  const verdict = deps.checkTarget(url);
  return verdict.ok ? [] : [{ path, message: verdict.text }];
}
