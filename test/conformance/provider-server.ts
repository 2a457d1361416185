import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProviderReply } from "./fixture.ts";

/** Plays any provider's API on loopback: keeps every call and answers as the case says. */
export interface ProviderServer {
  origin: string;
  calls: ProviderCall[];
  /** How calls are answered from now on. */
  answer: (call: ProviderCall) => Reaction | Promise<Reaction>;
  /** Forgets the calls; calls that nobody expects are answered 599. */
  reset(): void;
  close(): Promise<void>;
}

export interface ProviderCall {
  method: string;
  /** As in the request line. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** An answer, or what goes wrong after the call was read: no answer, a cut connection, half an answer. */
export type Reaction = ProviderReply | "silence" | "reset" | "half";

const UNEXPECTED: ProviderReply = { status: 599, body: "nobody expects this call" };

export async function startProviderServer(): Promise<ProviderServer> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", async () => {
      const call: ProviderCall = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Buffer.concat(parts).toString("utf8"),
      };
      self.calls.push(call);
      const reaction = await self.answer(call);
      if (reaction === "silence") return;
      if (reaction === "reset") return void request.socket.destroy();
      if (reaction === "half") {
        response.writeHead(200, { "content-type": "application/json", "content-length": 1_000 });
        response.write('{"id":', () => request.socket.destroy());
        return;
      }
      response.writeHead(reaction.status, { "content-type": "application/json", ...reaction.headers });
      response.end(reaction.body);
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const self: ProviderServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    answer: () => UNEXPECTED,
    reset() {
      self.calls = [];
      self.answer = () => UNEXPECTED;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
