import { Resolver } from "node:dns/promises";
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { bareHost, createNetworkGuard, isLocalhost, type NetworkGuard } from "./network-guard.ts";

/**
 * The only way out over HTTP. A call never throws for what the network does: it answers with what came back or
 * with how far it got. Redirects are not followed, bodies are not unpacked, cookies are not kept.
 */
export interface OutboundHttp {
  call(request: OutboundRequest): Promise<OutboundAnswer>;
  /** GETs a file as bytes. What is longer than `maxBytes` is cut off there. */
  download(request: DownloadRequest): Promise<DownloadAnswer>;
  /** Refuses new calls, waits up to `graceMs` (default 5,000) for running ones, then cuts them. */
  close(graceMs?: number): Promise<void>;
}

export interface OutboundRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Whole call, ms: waiting for a connection, resolving, dialling, sending and reading. */
  timeoutMs: number;
  /** More of the answer is cut off; default 64 KiB. */
  maxResponseBytes?: number;
  /**
   * With it, `timeoutMs` ends with the head of the answer; the body is read for so long at most, and what came
   * by then counts.
   */
  bodyTimeoutMs?: number;
}

export type OutboundAnswer =
  | { ok: true; status: number; headers: Record<string, string>; body: string }
  /** `reached` false: the request surely did not arrive. True: it may have been processed. */
  | { ok: false; reached: boolean; code: string; text: string };

export interface DownloadRequest {
  url: string;
  headers: Record<string, string>;
  /** As for a call, ms. */
  timeoutMs: number;
  maxBytes: number;
  /** Gives it up: answered with the code `aborted`. */
  signal?: AbortSignal;
}

export type DownloadAnswer =
  /** `isWhole` false: there was more. */
  | { ok: true; status: number; headers: Record<string, string>; body: Buffer; isWhole: boolean }
  | { ok: false; reached: boolean; code: string; text: string };

export interface OutboundHttpOptions {
  /** CIDRs that may be dialled although private. */
  allowPrivateTargets: readonly string[];
  /** Plain http to public addresses. */
  development: boolean;
  /** Addresses of a name with their lifetime in seconds; tests put their own here. */
  resolve?: ResolveName;
  /** Connections per origin; more calls wait their turn. Default 256. */
  connectionsPerOrigin?: number;
}

export interface ResolvedAddress {
  address: string;
  ttl: number;
}

export type ResolveName = (name: string) => Promise<ResolvedAddress[]>;

const DEFAULT_MAX_RESPONSE_BYTES = 65_536;
const CONNECT_TIMEOUT_MS = 5_000;
const RESOLVE_TIMEOUT_MS = 2_000;
const MAX_CACHE_SECONDS = 60;
const MAX_CACHED_NAMES = 10_000;
// Below the 5 s after which many servers drop an idle connection: a POST on a dying one is an uncertain send.
const KEEP_ALIVE_MS = 4_000;

export function createOutboundHttp(options: OutboundHttpOptions): OutboundHttp {
  const guard = createNetworkGuard(options.allowPrivateTargets, { development: options.development });
  const agent = new Agent({
    connect: createConnector(guard, createResolver(options.resolve ?? systemResolver())),
    connections: options.connectionsPerOrigin ?? 256,
    pipelining: 1,
    // One total time limit per call replaces the limits per phase.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: 60_000,
  });
  let closed = false;
  const calls = new Set<() => void>();

  async function start(request: Dispatched, limit: number): Promise<DownloadAnswer> {
    if (closed) return unreached("closed", "the HTTP client is closed");
    const target = guard.checkUrl(request.url, "calling");
    if (!target.ok) return unreached("target_refused", target.text);
    return dispatch(agent, target.url, request, limit, calls);
  }

  return {
    async call(request) {
      const limit = request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
      const answer = await start(request, limit);
      if (!answer.ok) return answer;
      const { status, headers } = answer;
      return { ok: true, status, headers, body: answer.body.toString("utf8", 0, limit) };
    },
    download({ maxBytes, ...request }) {
      return start({ ...request, method: "GET" }, maxBytes);
    },
    async close(graceMs = 5_000) {
      if (closed) return;
      closed = true;
      // An agent that is being closed cannot be destroyed any more: its calls are cut one by one.
      const cut = setTimeout(() => {
        for (const cutOne of calls) cutOne();
      }, graceMs);
      await agent.close().catch(() => undefined);
      clearTimeout(cut);
    },
  };
}

type Dispatched = OutboundRequest & Pick<DownloadRequest, "signal">;

function dispatch(
  agent: Agent,
  url: URL,
  request: Dispatched,
  limit: number,
  calls: Set<() => void>,
): Promise<DownloadAnswer> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let settled = false;
    let status = 0;
    let headers: Record<string, string | string[] | undefined> = {};
    let chunks: Buffer[] = [];
    let size = 0;

    let timer = setTimeout(
      () => giveUp("timeout", `no answer in ${request.timeoutMs} ms`),
      request.timeoutMs,
    );
    const cut = (): void => giveUp("closed", "the HTTP client is closed");
    calls.add(cut);
    const abort = (): void => giveUp("aborted", "it was given up");
    request.signal?.addEventListener("abort", abort, { once: true });
    if (request.signal?.aborted) abort();

    function giveUp(code: string, text: string): void {
      // Before the controller exists nothing was written: the call still waited for a connection.
      settle({ ok: false, reached: controller !== null, code, text });
      controller?.abort(new Error(code));
    }

    function settle(answer: DownloadAnswer): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", abort);
      calls.delete(cut);
      chunks = [];
      resolve(answer);
    }

    function cutOff(running: Dispatcher.DispatchController): void {
      settle(answered());
      running.abort(new Error("response cut off"));
    }

    function answered(): DownloadAnswer {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      return { ok: true, status, headers: flatHeaders(headers), body, isWhole: size <= limit };
    }

    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      {
        onRequestStart(started) {
          if (settled) started.abort(new Error("given up before it was sent"));
          else controller = started;
        },
        onResponseStart(running, code, received) {
          status = code;
          headers = received;
          if (request.bodyTimeoutMs === undefined || settled || code < 200) return;
          clearTimeout(timer);
          timer = setTimeout(() => cutOff(running), request.bodyTimeoutMs);
        },
        onResponseData(running, chunk) {
          if (settled) return;
          chunks.push(chunk);
          size += chunk.length;
          if (size > limit) cutOff(running);
        },
        onResponseEnd() {
          settle(answered());
        },
        onResponseError(_controller, error) {
          const isJudged = request.bodyTimeoutMs !== undefined && status >= 200;
          settle(isJudged ? answered() : failure(error, controller !== null));
        },
      },
    );
  });
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

type NoAnswer = Extract<OutboundAnswer, { ok: false }>;

function unreached(code: string, text: string): NoAnswer {
  return { ok: false, reached: false, code, text };
}

function failure(error: Error, reached: boolean): NoAnswer {
  const given = (error as NodeJS.ErrnoException).code ?? error.name;
  const code =
    given === "UND_ERR_SOCKET" ? "closed" : given === "UND_ERR_CONNECT_TIMEOUT" ? "connect_timeout" : given;
  return { ok: false, reached, code, text: error.message === "" ? code : error.message };
}

/**
 * Dials judged addresses only: the name is resolved and every address judged first, the socket gets exactly that
 * list, and what it reached is looked at again before the first byte (TLS included) is written.
 */
function createConnector(
  guard: NetworkGuard,
  resolve: (name: string) => Promise<string[]>,
): buildConnector.connector {
  const startTls = buildConnector({ timeout: CONNECT_TIMEOUT_MS });

  async function dial(target: buildConnector.Options): Promise<Socket> {
    const host = bareHost(target.hostname);
    const addresses = isIP(host) ? [host] : isLocalhost(host) ? loopback(guard) : await resolve(host);
    for (const address of addresses) assertDial(guard, host, address, target.protocol);
    const port = Number(target.port) || (target.protocol === "https:" ? 443 : 80);
    const socket = await openTcp(host, addresses, port);
    try {
      assertDial(guard, host, socket.remoteAddress ?? "", target.protocol);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  }

  return (target, callback) => {
    dial(target).then(
      (socket) => {
        if (target.protocol === "https:") startTls({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** The name servers need not know `localhost`, and it may mean nothing else. Of the two, what is allowed. */
function loopback(guard: NetworkGuard): string[] {
  const allowed = ["127.0.0.1", "::1"].filter((address) => guard.judge(address).ok);
  return allowed.length > 0 ? allowed : ["127.0.0.1"];
}

function assertDial(guard: NetworkGuard, host: string, address: string, protocol: string): void {
  const verdict = guard.judgeDial(host, address, protocol);
  if (!verdict.ok) throw coded("target_refused", verdict.text);
}

function coded(code: string, text: string): Error {
  return Object.assign(new Error(text), { code });
}

function openTcp(host: string, addresses: string[], port: number): Promise<Socket> {
  const judged = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_name, _options, done) => done(null, judged);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, lookup, autoSelectFamily: true, noDelay: true, keepAlive: true });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(coded("connect_timeout", `${host} took no connection in ${CONNECT_TIMEOUT_MS} ms`)),
      CONNECT_TIMEOUT_MS,
    );
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** Asks the name servers ourselves: `dns.lookup` would hold one of four pool threads for each slow name. */
function systemResolver(): ResolveName {
  const resolver = new Resolver({ timeout: RESOLVE_TIMEOUT_MS, tries: 1 });
  return async (name) => {
    const answers = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ]);
    const found = answers.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    const failed = answers.find((one) => one.status === "rejected");
    if (found.length === 0 && failed) throw failed.reason;
    return found;
  };
}

/** The same fault in words that a person is shown: "queryA ENOTFOUND" says nothing to most. */
function nameFault(name: string, { code = "" }: { code?: string }): Error {
  if (code === "ENOTFOUND") return coded(code, `no name server knows ${name}`);
  if (code === "ENODATA") return coded(code, `${name} has no address`);
  return coded(code, `${name} could not be looked up (${code})`);
}

/** Keeps answers for the records' lifetime, at most a minute; failures are not kept. */
function createResolver(resolveName: ResolveName): (name: string) => Promise<string[]> {
  const cache = new Map<string, { until: number; addresses: string[] }>();
  const running = new Map<string, Promise<string[]>>();

  async function ask(name: string): Promise<string[]> {
    const found = await resolveName(name).catch((error) => {
      throw nameFault(name, error);
    });
    if (found.length === 0) throw coded("ENOTFOUND", `${name} has no address`);
    const seconds = Math.min(MAX_CACHE_SECONDS, ...found.map((one) => one.ttl));
    const addresses = found.map((one) => one.address);
    if (cache.size >= MAX_CACHED_NAMES) cache.clear();
    cache.set(name, { until: performance.now() + seconds * 1000, addresses });
    return addresses;
  }

  return (name) => {
    const known = cache.get(name);
    if (known && known.until > performance.now()) return Promise.resolve(known.addresses);
    const asked = running.get(name) ?? ask(name).finally(() => running.delete(name));
    running.set(name, asked);
    return asked;
  };
}
