import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import { isPhoneNumber, normaliseNational, normalisePhone } from "../../domain/phone.ts";
import { cleanText, isBlank } from "../../domain/sms-text.ts";
import type { StoredIntegration } from "../../store/integrations.ts";
import { integrationByToken, notePost, noteTalk } from "../../store/integrations.ts";
import { decodedText, readExactJson } from "../../tools/json-body.ts";
import { parsePath, textAt } from "../../tools/json-path.ts";
import { hashKey } from "../../tools/secrets.ts";
import { decodeHex, hmac, oneHeader, sameBytes } from "../../tools/signatures.ts";
import { heedKey, keepAnswerIn } from "../idempotency.ts";
import type { ApiDeps } from "./deps.ts";
import { queueText } from "./queue-text.ts";

/*
 * The door for systems that post their own JSON. The token in the address says who they are; with a signing secret
 * the raw bytes must be signed too. What was found at the paths is noted with what came of it, good or bad.
 */

const MAX_BODY_BYTES = 256 * 1024;
/** Posts one address takes in a minute; more are answered 429 with `Retry-After`. */
const POSTS_PER_MINUTE = 600;
const LONGEST_TEXT = 1_600;
const LONGEST_REF = 64;
/** What is noted of each value, characters. */
const NOTED = 200;
const TOKEN = /^ig_[A-Za-z0-9]{32}$/;

const Accepted = z.object({
  id: z.string(),
  status: z.literal("queued"),
  to: z.string(),
  text: z.string(),
  ref: z.string().optional(),
});

interface Found {
  to: string | null;
  text: string | null;
  ref: string | null;
}

type Params = { token: string };

/** Asks for no key, and has a limit of its own. */
const CONFIG = {
  public: true,
  rateLimit: {
    max: POSTS_PER_MINUTE,
    timeWindow: "1 minute",
    keyGenerator: (request: FastifyRequest) => `ingress ${(request.params as Params).token}`,
  },
};

/** A scope of its own: bodies stay the bytes that were signed. */
export function ingressDoor(deps: ApiDeps): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post<{ Params: Params }>(
      "/v1/ingress/:token",
      {
        bodyLimit: MAX_BODY_BYTES,
        config: CONFIG,
        schema: {
          tags: ["ingress"],
          description:
            "Post JSON of any shape; the integration says where number, text and reference are. No key: the token " +
            "in the address, and a signature where a signing secret is set.",
          security: [],
          params: z.object({ token: z.string() }),
          response: { 202: Accepted },
        },
      },
      (request, reply) => take(deps, request, reply),
    );
  };
}

async function take(
  deps: ApiDeps,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const integration = await integrationOf(deps, request.params.token);
  const found: Found = { to: null, text: null, ref: null };
  try {
    await send(deps, request, reply, integration, found);
    return reply;
  } catch (error) {
    if (error instanceof HubError) await noteRefusal(deps, integration, found, error);
    throw error;
  }
}

async function integrationOf(deps: ApiDeps, token: string): Promise<StoredIntegration> {
  const row = TOKEN.test(token) ? await integrationByToken(deps.database, hashKey(token)) : null;
  if (!row) throw notFound("address");
  if (!row.tenantActive) throw new HubError("tenant_inactive", "This account is suspended.");
  if (!row.enabled) throw new HubError("forbidden", "This integration is switched off.");
  return row;
}

async function send(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  integration: StoredIntegration,
  found: Found,
): Promise<void> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  checkSignature(deps, request, integration, raw);
  const body = readExactJson(decodedText(raw, request.headers["content-type"] ?? ""));
  if (body === undefined) throw invalid("", "the body must be JSON");
  Object.assign(found, read(body, integration));
  const { to, text, ref } = complete(found, integration);
  const { id: integrationId, tenant_id: tenantId, channel_id: channelId } = integration;
  const key = integration.ref_is_key && ref !== null ? `ref ${integrationId} ${ref}` : null;
  const call = { tenantId, key, same: [to, text, ref ?? ""], what: `POST ${integrationId}` };
  if (await heedKey(deps, request, reply, call)) return;
  const order = { to, text, ref, channelId };
  let answer: z.infer<typeof Accepted> | null = null;
  await queueText(deps, tenantId, order, async (tx, { id }, message) => {
    answer = { id, status: "queued", to, text: message.text, ...(ref !== null && { ref }) };
    await noteTalk(tx, { tenantId, phone: to, channelId: message.channelId, integrationId });
    await notePost(tx, { integrationId, status: 202, error: null, found: noted(found), messageId: id });
    await keepAnswerIn(tx, request, deps.box, 202, answer);
  });
  reply.code(202).send(answer);
}

function checkSignature(
  deps: ApiDeps,
  request: FastifyRequest,
  integration: StoredIntegration,
  raw: Buffer,
): void {
  const { signing_secret: sealed, signing_header: header } = integration;
  if (sealed === null) return;
  const given = oneHeader(request.headers, header.toLowerCase()) ?? "";
  const digits = /^sha256=([0-9a-f]{64})$/i.exec(given.trim())?.[1] ?? "";
  const expected = hmac("sha256", deps.box.open(sealed, integration.id), raw);
  if (sameBytes(decodeHex(digits), expected)) return;
  const message = `${header} must be sha256= and the HMAC-SHA256 of the raw body as hex digits.`;
  throw new HubError("invalid_signature", message);
}

/** What lies at the paths; nothing there is null. */
function read(body: unknown, integration: StoredIntegration): Found {
  const at = (path: string) => {
    const value = textAt(body, parsePath(path) ?? []);
    const cleaned = value === null ? "" : cleanText(value).trim();
    return isBlank(cleaned) ? null : cleaned;
  };
  return { to: at(integration.to_path), text: at(integration.text_path), ref: at(integration.ref_path) };
}

function complete(
  { to, text, ref }: Found,
  integration: StoredIntegration,
): { to: string; text: string; ref: string | null } {
  if (to === null || text === null) {
    const missing = [...(to === null ? ["to"] : []), ...(text === null ? ["text"] : [])];
    const tried = { to: integration.to_path, text: integration.text_path };
    const message = `Nothing was found for ${missing.join(" and ")}.`;
    throw new HubError("missing_fields", message, [], { missing, tried });
  }
  if (text.length > LONGEST_TEXT) throw invalid("text", `must have 1 to ${LONGEST_TEXT} characters`);
  if (ref !== null && ref.length > LONGEST_REF)
    throw invalid("ref", `must have at most ${LONGEST_REF} characters`);
  return { to: numberOf(to, integration.country), text, ref };
}

/** Without a country only international numbers mean anything. */
function numberOf(to: string, country: string | null): string {
  const international = to.startsWith("+") ? normalisePhone(to, "") : "";
  const number = country === null ? international : normaliseNational(to, country);
  if (isPhoneNumber(number)) return number;
  throw invalid("to", "is not a phone number; write it like +14155550101, or give the integration a country");
}

function noted(found: Found): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [key, value?.slice(0, NOTED) ?? null]),
  );
}

async function noteRefusal(
  deps: ApiDeps,
  integration: StoredIntegration,
  found: Found,
  { status, message }: HubError,
): Promise<void> {
  const post = {
    integrationId: integration.id,
    status,
    error: message,
    found: noted(found),
    messageId: null,
  };
  await notePost(deps.database, post).catch((error) =>
    deps.log.error({ err: error, integration: integration.id }, "ingress: a post could not be noted"),
  );
}
