import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Mobiniti's API on loopback: contacts, direct sends, sends to contacts. It keeps every call, counts the texts it
 * took, and can be told to misbehave per route. Cheap enough for thousands of requests a second.
 */
export interface FakeMobiniti {
  /** Base of the API, with `/v1`: the `apiUrl` of a channel. */
  url: string;
  calls: FakeCall[];
  /** How often each text was taken. */
  sends: Map<string, number>;
  /** Texts taken in all. */
  readonly sendCount: number;
  /** Contact id by E.164 number. */
  contacts: Map<string, string>;
  /** The next `times` calls of the route (default: all) go wrong this way; faults queue up in order. */
  fail(route: FakeRoute, fault: FakeFault, times?: number): void;
  /** Forgets the faults of one route, or all. */
  heal(route?: FakeRoute): void;
  /** Resolves once that many texts were taken in all. */
  waitForSends(count: number): Promise<void>;
  /** Throws when a fault with a fixed number of times was not used up. */
  close(): Promise<void>;
}

export type FakeRoute = "POST /message" | "POST /messages" | "GET /contacts" | "POST /contacts";

export type FakeFault =
  /** Answers this instead; a `body` that is no text is sent as JSON. Nothing is taken. */
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** Does its work, and answers late. */
  | { delayMs: number }
  /** Reads the body, does its work or not, and cuts the connection. */
  | { drop: "taken" | "not taken" }
  /** Reads the body and never answers. */
  | { hang: "taken" | "not taken" };

export interface FakeCall {
  /** ms of `performance.now()`. */
  at: number;
  route: string;
  path: string;
  authorization: string;
  body: unknown;
  status: number | null;
}

export interface FakeSend {
  id: string;
  to: string;
  text: string;
  at: number;
}

export interface FakeMobinitiOptions {
  port?: number;
  /** Another token is answered 401. Default: any. */
  token?: string;
  /** Answer 429 to more than one request per second and route. */
  paced?: boolean;
  /** The look-up by number answers all contacts. */
  ignoreFilter?: boolean;
  /** Contacts per page, also when the call asks for more. Default 100. */
  perPage?: number;
  /** False: no memory of single calls, for long runs. */
  keepCalls?: boolean;
  contacts?: Record<string, string>;
  onSend?: (send: FakeSend) => void;
}

interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

interface Planned {
  fault: FakeFault;
  left: number;
}

export async function startFakeMobiniti(options: FakeMobinitiOptions = {}): Promise<FakeMobiniti> {
  const calls: FakeCall[] = [];
  const sends = new Map<string, number>();
  const contacts = new Map(Object.entries(options.contacts ?? {}));
  const numbers = new Map([...contacts].map(([phone, id]) => [id, phone]));
  const plans = new Map<string, Planned[]>();
  const lastAt = new Map<string, number>();
  const waiting: { count: number; done: () => void }[] = [];
  let sendCount = 0;

  function take(to: string, text: string): Answer {
    const id = randomUUID();
    sends.set(text, (sends.get(text) ?? 0) + 1);
    sendCount++;
    options.onSend?.({ id, to, text, at: performance.now() });
    for (let i = waiting.length - 1; i >= 0; i--) {
      const one = waiting[i];
      if (one && sendCount >= one.count) {
        waiting.splice(i, 1);
        one.done();
      }
    }
    return { status: 200, body: `{"data":{"id":"${id}"},"id":"${id}"}` };
  }

  function work(route: string, query: URLSearchParams, body: Record<string, unknown>): Answer {
    const { phone_number, message, contact_id } = body;
    switch (route) {
      case "POST /message":
        if (typeof phone_number !== "string") return invalid("phone_number");
        return typeof message === "string" ? take(phone_number, message) : invalid("message");
      case "POST /messages": {
        if (typeof message !== "string") return invalid("message");
        const phone = numbers.get(String(contact_id));
        return phone === undefined ? problem(404, "Contact not found") : take(phone, message);
      }
      case "POST /contacts": {
        if (typeof phone_number !== "string") return invalid("phone_number");
        const id = contacts.get(phone_number) ?? randomUUID();
        contacts.set(phone_number, id);
        numbers.set(id, phone_number);
        return { status: 200, body: JSON.stringify({ data: { id, phone_number } }) };
      }
      case "GET /contacts":
        return list(query);
      default:
        return problem(404, "Not Found");
    }
  }

  function list(query: URLSearchParams): Answer {
    const wanted = options.ignoreFilter ? null : query.get("phone_number");
    const all = [...contacts].filter(([phone]) => wanted === null || phone === wanted);
    const perPage = Math.min(options.perPage ?? 100, Number(query.get("limit") ?? 100));
    const page = Number(query.get("page") ?? 1);
    const data = all
      .slice((page - 1) * perPage, page * perPage)
      .map(([phone, id]) => ({ id, phone_number: phone }));
    const total_pages = Math.max(1, Math.ceil(all.length / perPage));
    const pagination = {
      total: all.length,
      count: data.length,
      per_page: perPage,
      current_page: page,
      total_pages,
    };
    return { status: 200, body: JSON.stringify({ data, meta: { pagination } }) };
  }

  function isTooFast(route: string): boolean {
    if (!options.paced) return false;
    const now = performance.now();
    // A second, less what a busy machine needs to take a request in: it is the caller's distance that counts.
    const tooFast = now - (lastAt.get(route) ?? Number.NEGATIVE_INFINITY) < 800;
    if (!tooFast) lastAt.set(route, now);
    return tooFast;
  }

  function nextFault(route: string): FakeFault | null {
    const planned = plans.get(route)?.[0];
    if (!planned) return null;
    planned.left--;
    if (planned.left <= 0) plans.get(route)?.shift();
    return planned.fault;
  }

  function handle(request: IncomingMessage, response: ServerResponse, text: string): void {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const route = `${request.method} ${path.replace(/^\/v1/, "")}`;
    const body = parse(text);
    const call: FakeCall = {
      at: performance.now(),
      route,
      path: url,
      authorization: request.headers.authorization ?? "",
      body,
      status: null,
    };
    if (options.keepCalls ?? true) calls.push(call);
    const answer = (reply: Answer): void => {
      call.status = reply.status;
      send(response, reply);
    };
    const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
    const fault = nextFault(route);

    if (options.token !== undefined && call.authorization !== `Bearer ${options.token}`) {
      answer({ status: 401, body: '{"error":"access_denied"}' });
    } else if (fault && "status" in fault) {
      const given = fault.body ?? "";
      answer({
        status: fault.status,
        body: typeof given === "string" ? given : JSON.stringify(given),
        headers: fault.headers ?? {},
      });
    } else if (isTooFast(route)) {
      answer(problem(429, "Too Many Requests"));
    } else if (fault && "drop" in fault) {
      if (fault.drop === "taken") work(route, query, body);
      request.socket.destroy();
    } else if (fault && "hang" in fault) {
      if (fault.hang === "taken") work(route, query, body);
    } else if (fault) {
      const reply = work(route, query, body);
      setTimeout(() => answer(reply), fault.delayMs);
    } else {
      answer(work(route, query, body));
    }
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => handle(request, response, Buffer.concat(parts).toString("utf8")));
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    sends,
    contacts,
    get sendCount() {
      return sendCount;
    },
    fail(route, fault, times = Number.POSITIVE_INFINITY) {
      plans.set(route, [...(plans.get(route) ?? []), { fault, left: times }]);
    },
    heal(route) {
      if (route) plans.delete(route);
      else plans.clear();
    },
    waitForSends(count) {
      if (sendCount >= count) return Promise.resolve();
      return new Promise((done) => waiting.push({ count, done }));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const unused = [...plans].filter(([, list]) =>
        list.some((one) => Number.isFinite(one.left) && one.left > 0),
      );
      if (unused.length > 0)
        throw new Error(`calls that never came: ${unused.map(([route]) => route).join(", ")}`);
    },
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = text === "" ? {} : JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function problem(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ message, status }) };
}

function invalid(field: string): Answer {
  const errors = { [field]: [`The ${field} field is required.`] };
  return {
    status: 422,
    body: JSON.stringify({ message: "The given data was invalid.", status: 422, errors }),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(answer.body),
    "x-request-id": randomUUID(),
    ...answer.headers,
  });
  response.end(answer.body);
}
