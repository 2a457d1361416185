import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ActiveChannel, DoorRequest } from "../channels/types.ts";
import { keepRefusal } from "../store/channels.ts";
import type { Reader } from "../store/database.ts";
import { isDeadlock, isStatementFault } from "../store/database.ts";
import type { Kept, NewArrival } from "../store/inbox.ts";
import { bucketOf, conversationKey, keepArrivals } from "../store/inbox.ts";
import type { AddressList } from "../tools/address-list.ts";
import { clientAddress } from "../tools/address-list.ts";
import { createBatcher } from "../tools/batcher.ts";
import type { Clock } from "../tools/clock.ts";
import type { Logger } from "../tools/log.ts";
import type { Metrics } from "../tools/metrics.ts";

/*
 * The doors for providers. One request goes: known address, within the size, from where it says it is, genuine,
 * understood, kept. The answer comes after the commit and never waits for anything else. Requests that arrive
 * together are committed together.
 */

const MAX_BODY_BYTES = 256 * 1024;
/** Arrivals in one commit. */
const COMMIT_AT_MOST = 500;
/** One commit is prepared while another is written. All texts of a conversation take the same way, in order. */
const WAYS = 2;
/** Samples of refused requests kept per second: a flood of forgeries must not become a flood of writes. */
const SAMPLES_PER_SECOND = 5;
const SAMPLE_BYTES = 512;

export interface DoorDeps {
  reader: Reader;
  channels: {
    byToken(token: string): ActiveChannel | null;
    anyDefault(): ActiveChannel | null;
    refresh(): Promise<void>;
  };
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  publicUrl: () => string;
  trustedProxies: AddressList;
  isDevelopment: boolean;
  /** Something new is in the inbox: this many requests in one commit. */
  onKept: (requests: number) => void;
}

const CONTENT_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/;

/** Where a provider that already points at such an address finds the default channel. */
const COMPATIBLE_PATH = "/wp-json/sierra/v1/sms/webhook";

const NO_ROUTE = {
  code: "rest_no_route",
  message: "No route was found matching the URL and request method.",
  data: { status: 404 },
};

export function inboundDoors(app: FastifyInstance, deps: DoorDeps): void {
  const ways = Array.from({ length: WAYS }, () =>
    createBatcher<NewArrival[], Kept[] | Error>({ maxItems: COMMIT_AT_MOST, concurrency: 1 }, (requests) =>
      keepAll(deps, requests),
    ),
  );
  const keep = (arrivals: NewArrival[]): Promise<Kept[] | Error> | Kept[] => {
    const [first] = arrivals;
    const way = first && ways[bucketOf(conversationKey(first)) % WAYS];
    return way ? way.add(arrivals) : [];
  };
  const samples = createSampler(SAMPLES_PER_SECOND);

  async function take(request: FastifyRequest, reply: FastifyReply, channel: ActiveChannel, kind: string) {
    const stop = deps.metrics.webhookDuration.startTimer({ channel: channel.id });
    const count = (result: string) => deps.metrics.webhookRequests.inc({ channel: channel.id, result });
    const door = doorRequest(request, kind, deps);
    try {
      const refusal = judge(door, channel, deps);
      if (refusal) {
        count("refused");
        deps.log.warn({ channel: channel.id }, refusal.log);
        if (samples.allow(deps.clock.now())) await keepSample(deps, channel, door, refusal.reason);
        return await reply.code(403).send({ error: "forbidden", message: refusal.reason });
      }
      const arrivals = toArrivals(door, channel);
      const kept = await keep(arrivals);
      if (kept instanceof Error) throw kept;
      const fresh = kept.some((item) => item.fresh);
      count(fresh ? "ok" : "duplicate");
      if (!fresh) deps.metrics.duplicates.inc({ channel: channel.id });
      const answer = channel.provider.acknowledge();
      return await reply.code(answer.status).type(answer.contentType).send(answer.body);
    } catch (error) {
      count("error");
      deps.log.error({ err: error, channel: channel.id }, "door: could not keep a request");
      const message = "The request could not be kept. Please send it again.";
      return await reply.code(503).header("retry-after", "2").send({ error: "unavailable", message });
    } finally {
      stop();
    }
  }

  async function byToken(request: FastifyRequest, reply: FastifyReply) {
    const { token, kind } = request.params as { token: string; kind?: string };
    const channel = await findChannel(token, deps);
    const doorKind = kind ?? channel?.provider.doors[0]?.kind;
    const known = channel?.provider.doors.some((door) => door.kind === doorKind);
    if (!channel || !known || doorKind === undefined) {
      return reply.code(404).send({ error: "not_found", message: "There is no such address." });
    }
    return take(request, reply, channel, doorKind);
  }

  app.register(async (doors) => {
    doors.removeAllContentTypeParsers();
    doors.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES },
      (_request, body, done) => {
        done(null, body);
      },
    );
    doors.addHook("onRequest", async ({ raw }) => {
      // What cannot be a content type says nothing; the body is still genuine and must be kept.
      const type = raw.headers["content-type"];
      if (type !== undefined && !CONTENT_TYPE.test(type))
        raw.headers["content-type"] = "application/octet-stream";
    });
    const options = { bodyLimit: MAX_BODY_BYTES };
    doors.post("/in/:token", options, byToken);
    doors.post("/in/:token/:kind", options, byToken);
    doors.post(COMPATIBLE_PATH, options, async (request, reply) => {
      const channel = deps.channels.anyDefault();
      const kind = channel?.provider.doors[0]?.kind;
      if (!channel || kind === undefined) return reply.code(404).send(NO_ROUTE);
      return take(request, reply, channel, kind);
    });
    doors.get(COMPATIBLE_PATH, async (_request, reply) => reply.code(404).send(NO_ROUTE));
  });
}

/** A token nobody knows may belong to a channel made a moment ago by another process. */
async function findChannel(token: string, deps: DoorDeps): Promise<ActiveChannel | null> {
  const known = deps.channels.byToken(token);
  if (known || !/^[A-Za-z0-9_-]{40,64}$/.test(token)) return known;
  await deps.channels.refresh();
  return deps.channels.byToken(token);
}

function doorRequest(request: FastifyRequest, kind: string, deps: DoorDeps): DoorRequest {
  const peer = request.raw.socket.remoteAddress ?? "";
  return {
    kind,
    method: request.method,
    url: deps.publicUrl() + request.raw.url,
    headers: request.headers,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    clientAddress: clientAddress(peer, request.headers["x-forwarded-for"], deps.trustedProxies),
    receivedAt: new Date(deps.clock.now()),
  };
}

function judge(
  door: DoorRequest,
  channel: ActiveChannel,
  deps: DoorDeps,
): { reason: string; log: string } | null {
  if (deps.isDevelopment && channel.settings.bypassVerification === true) {
    deps.log.warn({ channel: channel.id }, "Webhook validation bypassed (development mode)");
    return null;
  }
  const verdict = channel.provider.verify(door, channel.settings);
  return verdict.genuine ? null : verdict;
}

/** What a believed request holds; not understood: one arrival set aside. */
export function toArrivals(door: DoorRequest, channel: ActiveChannel): NewArrival[] {
  const common = {
    tenantId: channel.tenantId,
    channelId: channel.id,
    headers: keptHeaders(door),
    door: door.kind,
    client: door.clientAddress,
    receivedAt: door.receivedAt,
  };
  const parsed = channel.provider.parse(door, {
    settings: channel.settings,
    address: channel.address,
    country: channel.country,
  });
  if (!parsed.ok) {
    const dedupeKey = `aside ${door.kind} ${createHash("sha256").update(door.rawBody).digest("hex")}`;
    return [{ ...common, dedupeKey, arrival: null, aside: parsed.reason, raw: door.rawBody }];
  }
  return parsed.arrivals.map(({ dedupeKey, arrival }, index) => {
    // One request, one copy of its bytes.
    const raw = index === 0 ? door.rawBody : null;
    return { ...common, dedupeKey: `${door.kind} ${dedupeKey}`, arrival, aside: null, raw };
  });
}

const KEPT_HEADERS = ["content-type", "user-agent", "x-request-id"];

function keptHeaders(door: DoorRequest): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of KEPT_HEADERS) if (door.headers[name] !== undefined) kept[name] = door.headers[name];
  return kept;
}

/** A commit that fails for what one request holds, or for two that met, is done again request by request. */
async function keepAll(deps: DoorDeps, requests: NewArrival[][]): Promise<(Kept[] | Error)[]> {
  let kept: Kept[];
  try {
    kept = await keepArrivals(deps.reader, requests.flat());
  } catch (error) {
    if (requests.length === 1 || !(isStatementFault(error) || isDeadlock(error))) throw error;
    const alone: (Kept[] | Error)[] = [];
    for (const request of requests) {
      alone.push(...(await keepAll(deps, [request]).catch((fault: Error) => [fault])));
    }
    return alone;
  }
  deps.onKept(requests.length);
  let from = 0;
  return requests.map((request) => {
    from += request.length;
    return kept.slice(from - request.length, from);
  });
}

/** The shape of a refused request without what it said: enough to see what is wrong, nothing to leak. */
async function keepSample(
  deps: DoorDeps,
  channel: ActiveChannel,
  door: DoorRequest,
  reason: string,
): Promise<void> {
  const body = withoutValues(door.rawBody.subarray(0, SAMPLE_BYTES).toString("utf8"));
  const sample = {
    bytes: door.rawBody.length,
    contentType: door.headers["content-type"] ?? null,
    userAgent: door.headers["user-agent"] ?? null,
    body: body.replace(/\d/g, "0").replaceAll("\0", ""),
  };
  const refusal = { channelId: channel.id, door: door.kind, client: door.clientAddress, reason, sample };
  await keepRefusal(deps.reader, refusal).catch((error) => {
    deps.log.error({ err: error }, "door: could not keep the sample of a refused request");
  });
}

/** Names stay, what was said goes: every string of JSON that is no name, every value of a form, all other text. */
function withoutValues(body: string): string {
  if (/^\s*[{[]/.test(body)) {
    return body.replace(/"(?:[^"\\]|\\.)*(?:"(\s*:)?|$)/g, (string, colon) => (colon ? string : '"…"'));
  }
  return body.includes("=") ? body.replace(/=[^&]*/g, "=…") : body.replace(/\p{L}/gu, "x");
}

function createSampler(perSecond: number): { allow(now: number): boolean } {
  let second = 0;
  let taken = 0;
  return {
    allow(now) {
      const current = Math.floor(now / 1_000);
      if (current !== second) {
        second = current;
        taken = 0;
      }
      taken += 1;
      return taken <= perSecond;
    },
  };
}
