import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ActiveChannel, DoorMethod, DoorRequest, Verdict } from "../channels/types.ts";
import { keepRefusal } from "../store/channels.ts";
import type { Database } from "../store/database.ts";
import type { NewArrival } from "../store/inbox.ts";
import type { AddressList } from "../tools/address-list.ts";
import { clientAddress } from "../tools/address-list.ts";
import type { Clock } from "../tools/clock.ts";
import { queryOf } from "../tools/form-body.ts";
import type { Logger } from "../tools/log.ts";
import type { Metrics } from "../tools/metrics.ts";
import { createDoorWays } from "./door-ways.ts";

/*
 * The doors for providers. One request goes: known address, within the size, from where it says it is, genuine,
 * understood, kept. The answer comes after the commit and never waits for anything else.
 */

const MAX_BODY_BYTES = 256 * 1024;
/** Samples of refused requests kept per second: a flood of forgeries must not become a flood of writes. */
const SAMPLES_PER_SECOND = 5;
const SAMPLE_BYTES = 512;

export interface DoorDeps {
  reader: Database;
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
  /** Told of everything that was kept. */
  activity: { note(arrivals: NewArrival[]): void };
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
  const keep = createDoorWays({ database: deps.reader, onKept: deps.onKept });
  const samples = createSampler(SAMPLES_PER_SECOND);

  async function take(request: FastifyRequest, reply: FastifyReply, channel: ActiveChannel, kind: string) {
    const stop = deps.metrics.webhookDuration.startTimer({ channel: channel.id });
    const count = (result: string) => deps.metrics.webhookRequests.inc({ channel: channel.id, result });
    const door = doorRequest(request, kind, deps);
    try {
      const verdict = judge(door, channel, deps);
      if (!verdict.genuine) {
        count("refused");
        deps.log.warn({ channel: channel.id }, verdict.log);
        if (samples.allow(deps.clock.now())) await keepSample(deps, channel, door, verdict.reason);
        return await reply.code(403).send({ error: "forbidden", message: verdict.reason });
      }
      const arrivals = toArrivals(door, channel);
      const kept = await keep({ channelId: channel.id, once: verdict.once ?? [], arrivals });
      if (kept.length === arrivals.length) deps.activity.note(arrivals);
      else deps.log.warn({ channel: channel.id }, "door: a nonce came again with another body, not kept");
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
    const doorKind = kind || channel?.provider.doors[0]?.kind;
    const known = channel?.provider.doors.some((door) => door.kind === doorKind);
    const methods = channel?.provider.doorMethods ?? ["POST"];
    if (!channel || !known || !methods.includes(request.method as DoorMethod) || doorKind === undefined) {
      return reply.code(404).send({ error: "not_found", message: "There is no such address." });
    }
    // An answer to one address must not be given again to the next call of it by somebody between.
    if (request.method === "GET") reply.header("cache-control", "no-store");
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
    // Somebody may enter the address with a slash behind it: no text is lost for that.
    for (const path of ["/in/:token", "/in/:token/:kind", "/in/:token/:kind/"]) {
      doors.post(path, options, byToken);
      doors.get(path, { exposeHeadRoute: false }, byToken);
    }
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

function judge(door: DoorRequest, channel: ActiveChannel, deps: DoorDeps): Verdict {
  if (deps.isDevelopment && channel.settings.bypassVerification === true) {
    deps.log.warn({ channel: channel.id }, "Webhook validation bypassed (development mode)");
    return { genuine: true };
  }
  const { provider, settings, before } = channel;
  const verdict = provider.verify(door, settings);
  if (verdict.genuine || !before || before.until <= door.receivedAt.getTime()) return verdict;
  const second = provider.verify(door, before.settings);
  // Of two refusals the one by the settings that are shown is told.
  return second.genuine ? second : verdict;
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
  const said = saidBy(door);
  const parsed = channel.provider.parse(door, {
    settings: channel.settings,
    address: channel.address,
    country: channel.country,
  });
  if (!parsed.ok) {
    const dedupeKey = `aside ${door.kind} ${createHash("sha256").update(said).digest("hex")}`;
    return [{ ...common, dedupeKey, arrival: null, aside: parsed.reason, raw: said }];
  }
  // The door is no part of the key: what is tried again at another address of the channel is a repeat all the same.
  return parsed.arrivals.map(({ dedupeKey, arrival }, index) => {
    // One request, one copy of its bytes.
    const raw = index === 0 ? said : null;
    return { ...common, dedupeKey, arrival, aside: null, raw };
  });
}

/** What a request says: its body; with GET its query, kept as the form that it is. */
function saidBy({ method, url, rawBody }: DoorRequest): Buffer {
  return method === "GET" ? Buffer.from(queryOf(url)) : rawBody;
}

const KEPT_HEADERS = ["content-type", "user-agent", "x-request-id"];

function keptHeaders(door: DoorRequest): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of KEPT_HEADERS) if (door.headers[name] !== undefined) kept[name] = door.headers[name];
  if (door.method === "GET") kept["content-type"] = "application/x-www-form-urlencoded";
  return kept;
}

/** The shape of a refused request without what it said: enough to see what is wrong, nothing to leak. */
async function keepSample(
  deps: DoorDeps,
  channel: ActiveChannel,
  door: DoorRequest,
  reason: string,
): Promise<void> {
  const said = saidBy(door);
  const body = withoutValues(said.subarray(0, SAMPLE_BYTES).toString("utf8"));
  const sample = {
    bytes: said.length,
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
