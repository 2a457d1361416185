import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook receiver on loopback that keeps every request and answers as it is told. */
export interface Receiver {
  url: string;
  requests: Received[];
  /** How requests are answered from now on. */
  answer: (received: Received, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;
  /** Resolves with the first `count` requests. */
  received(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** ms, as `performance.now()`. */
  at: number;
}

export async function startReceiver(): Promise<Receiver> {
  let waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const one: Received = {
        path: request.url ?? "",
        headers: Object.fromEntries(headers),
        body: Buffer.concat(parts).toString("utf8"),
        at: performance.now(),
      };
      self.requests.push(one);
      void self.answer(one, response, request);
      const [ready, rest] = [
        waiting.filter(({ count }) => count <= self.requests.length),
        waiting.filter(({ count }) => count > self.requests.length),
      ];
      waiting = rest;
      for (const { done } of ready) done();
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const self: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests: [],
    answer: (_received, response) => void response.writeHead(204).end(),
    async received(count) {
      if (self.requests.length < count) {
        await new Promise<void>((done) => waiting.push({ count, done }));
      }
      return self.requests.slice(0, count);
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}
