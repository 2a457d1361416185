import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { serve } from "./child.ts";

/**
 * Receivers of the soak: `/hook/<n>` answers as it is told, and notes for each text and endpoint what it answered with
 * 2xx, in which order.
 */
export type Mood = (typeof MOODS)[number];

export const MOODS = [
  "well",
  "error",
  "refusing",
  "throttling",
  "gateway",
  "silent",
  "slow",
  "resetting",
  "moved",
  "gone",
  "dripping",
  "endless",
] as const;

/** What one endpoint took: by number of the text, how often; and the places in its order of those that came anew. */
export interface Taken {
  counts: Map<number, number>;
  places: number[];
}

const SLOW_MS = 3_000;

const moods = new Map<number, Mood>();
const taken = new Map<number, Taken>();

function note(endpoint: number, body: string, place: number): void {
  const question = Number(/Question (\d+)"/.exec(body)?.[1] ?? -1);
  const own: Taken = taken.get(endpoint) ?? { counts: new Map(), places: [] };
  taken.set(endpoint, own);
  const before = own.counts.get(question) ?? 0;
  if (before === 0) own.places.push(place);
  own.counts.set(question, before + 1);
}

/** One request and how to answer it. */
interface Call {
  response: ServerResponse;
  socket: Socket;
  /** Notes that it was taken. */
  take: () => void;
}

function accept({ take, response }: Call): void {
  take();
  response.writeHead(204).end();
}

const refuse =
  (status: number, headers: Record<string, string> = {}) =>
  ({ response }: Call): void => {
    response.writeHead(status, headers).end();
  };

const WAYS: Record<Mood, (call: Call) => void> = {
  well: accept,
  error: refuse(500),
  refusing: refuse(422),
  throttling: refuse(429, { "retry-after": "1" }),
  gateway: refuse(503, { "retry-after": "1" }),
  silent: () => undefined,
  slow: (call) => {
    setTimeout(accept, SLOW_MS, call);
  },
  resetting: ({ socket }) => {
    socket.resetAndDestroy();
  },
  moved: refuse(302, { location: "http://127.0.0.1:9/" }),
  gone: refuse(410),
  dripping: (call) => keepTalking(call, 1, 500),
  endless: (call) => keepTalking(call, 65_536, 5),
};

/** A good head, and a body that does not end. */
function keepTalking({ take, response }: Call, bytes: number, everyMs: number): void {
  take();
  response.writeHead(200);
  const piece = Buffer.alloc(bytes, "x");
  const timer = setInterval(() => response.write(piece), everyMs);
  response.on("close", () => clearInterval(timer));
}

serve({
  listen(): Promise<number> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => {
        body += part.toString("utf8");
      });
      response.on("error", () => undefined);
      request.on("error", () => undefined);
      request.on("end", () => {
        const endpoint = Number((request.url ?? "").slice("/hook/".length).split("?")[0]);
        const place = Number(request.headers["x-signalbox-sequence"] ?? 0);
        const take = () => note(endpoint, body, place);
        WAYS[moods.get(endpoint) ?? "well"]({ response, socket: request.socket, take });
      });
    });
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  },
  setMood({ endpoint, mood }: { endpoint: number; mood: Mood }) {
    moods.set(endpoint, mood);
  },
  taken: () => taken,
});
