import { z } from "zod";
import type { Issue } from "../../domain/errors.ts";
import { invalid } from "../../domain/errors.ts";
import type { IntegrationFields, StoredIntegration } from "../../store/integrations.ts";
import { parsePath } from "../../tools/json-path.ts";
import { Url } from "./endpoint-shape.ts";
import { revisionOf } from "./revisions.ts";
import { name, Revision, Time, text } from "./shapes.ts";

/** How a system that posts its own JSON is described. A preset is nothing but other default paths. */
const PRESETS: Record<string, { to: string; text: string; ref: string }> = {
  generic: { to: "to", text: "text", ref: "ref" },
};
const PRESET_NAMES = Object.keys(PRESETS) as [string, ...string[]];
const USUAL_HEADER = "X-Webhook-Signature";
const yesNo = z.boolean({ error: "must be true or false" });

const Path = text(300)
  .refine((path) => parsePath(path) !== null, {
    error: "must be a path such as customer.phone or items[0].phone, at most 16 levels deep",
  })
  .nullish();

export const IntegrationBody = z.object({
  name: name(100).optional().describe('A label, e.g. "Order system"'),
  preset: z.enum(PRESET_NAMES, { error: `must be one of ${PRESET_NAMES.join(", ")}` }).optional(),
  toPath: Path.describe("Where the number is; left out: as the preset says"),
  textPath: Path.describe("Where the text is"),
  refPath: Path.describe("Where a reference of yours is"),
  signingSecret: name(512)
    .nullish()
    .describe("Posts must then be signed: HMAC-SHA256 of the raw body; null removes it"),
  signingHeader: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "is no name of a header")
    .nullish()
    .describe(`Where \`sha256=<hex>\` stands; usually ${USUAL_HEADER}`),
  outboundUrl: Url.nullish().describe("Texts that come in are sent there; null: nowhere"),
  mirror: z.enum(["all", "replies"]).optional().describe("replies: only answers to its own texts"),
  refIsKey: yesNo.optional().describe("A reference is sent once a day, however often it is posted"),
  channelId: text(100).nullish().describe("The channel to send from; else we choose"),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, "must be a country such as US")
    .nullish()
    .describe("Numbers may then be written as in this country"),
  enabled: yesNo.optional(),
});
export type IntegrationBody = z.output<typeof IntegrationBody>;

export const NewIntegration = IntegrationBody.extend({ name: name(100) });
export const IntegrationChange = IntegrationBody.extend({
  rotateToken: yesNo.optional().describe("Makes a new address; the old one is dead at once"),
});

export const Integration = z.object({
  id: z.string(),
  name: z.string(),
  preset: z.string(),
  toPath: z.string(),
  textPath: z.string(),
  refPath: z.string(),
  signingHeader: z.string(),
  signingSecretSet: z.boolean().describe("false: whoever knows the address may post"),
  outboundUrl: z.string().nullable(),
  outboundEndpointId: z.string().nullable(),
  mirror: z.enum(["all", "replies"]),
  refIsKey: z.boolean(),
  channelId: z.string().nullable(),
  country: z.string().nullable(),
  enabled: z.boolean(),
  tokenHint: z.string().describe("The last four characters of its address"),
  createdAt: Time,
  updatedAt: Time,
  revision: Revision,
});
export type Integration = z.infer<typeof Integration>;

/** With what is shown once. */
export const ShownIntegration = Integration.extend({
  token: z.string().optional().describe("`ig_…`"),
  url: z.string().optional().describe("Post there"),
  outboundSecret: z.string().optional().describe("What is sent to `outboundUrl` is signed with it"),
});

export const Post = z.object({
  at: Time,
  status: z.number(),
  error: z.string().nullable(),
  found: z.record(z.string(), z.string().nullable()).describe("What was found at the paths"),
  messageId: z.string().nullable(),
});

export function integrationView(row: StoredIntegration, outboundEndpointId: string | null): Integration {
  return {
    id: row.id,
    name: row.name,
    preset: row.preset,
    toPath: row.to_path,
    textPath: row.text_path,
    refPath: row.ref_path,
    signingHeader: row.signing_header,
    signingSecretSet: row.signing_secret !== null,
    outboundUrl: row.outbound_url,
    outboundEndpointId,
    mirror: row.mirror as Integration["mirror"],
    refIsKey: row.ref_is_key,
    channelId: row.channel_id,
    country: row.country,
    enabled: row.enabled,
    tokenHint: row.token_hint,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    revision: revisionOf(row),
  };
}

/**
 * What a body makes of an integration: paths that are left out go back to what the preset says, all else stays as
 * it is. `seal` is called for a new signing secret.
 */
export function fieldsOf(
  body: IntegrationBody,
  stored: StoredIntegration | null,
  seal: (secret: string) => string,
): IntegrationFields {
  const preset = body.preset ?? stored?.preset ?? "generic";
  const paths = PRESETS[preset] ?? PRESETS.generic;
  if (!paths) throw invalid("preset", "is not known");
  const keep = <T>(value: T | null | undefined, old: T | null | undefined) =>
    value === undefined ? (old ?? null) : value;
  const secret = body.signingSecret;
  return {
    name: body.name ?? stored?.name ?? "",
    preset,
    toPath: body.toPath ?? paths.to,
    textPath: body.textPath ?? paths.text,
    refPath: body.refPath ?? paths.ref,
    signingHeader: body.signingHeader ?? stored?.signing_header ?? USUAL_HEADER,
    signingSecret: typeof secret === "string" ? seal(secret) : keep(secret, stored?.signing_secret),
    outboundUrl: keep(body.outboundUrl, stored?.outbound_url),
    mirror: body.mirror ?? stored?.mirror ?? "all",
    refIsKey: body.refIsKey ?? stored?.ref_is_key ?? false,
    channelId: keep(body.channelId, stored?.channel_id),
    country: keep(body.country, stored?.country),
    enabled: body.enabled ?? stored?.enabled ?? true,
  };
}

export function channelIssues(channelId: string | null | undefined, own: readonly { id: string }[]): Issue[] {
  if (!channelId || own.some(({ id }) => id === channelId)) return [];
  return [{ path: "channelId", message: "there is no such channel" }];
}
