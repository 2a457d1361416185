import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OutboundHttpOptions } from "../../src/tools/outbound-http.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import type { DeliveryRow, HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import { startReceiver } from "../support/receiver.ts";
import { FORBIDDEN } from "../support/spellings.ts";

/** Receivers that mean harm, and addresses that nobody may call. */

let world: HookWorld;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  world = await openHookWorld();
});
afterEach(async () => {
  await world.close();
  for (const close of closing.splice(0)) await close();
});

/** The way out that the program has, with other things allowed or other name servers. */
function goOutBy(options: Partial<OutboundHttpOptions>): void {
  const http = createOutboundHttp({ allowPrivateTargets: [], development: true, ...options });
  world.caller.call = http.call;
  closing.push(() => http.close(0));
}

const isTried = (rows: DeliveryRow[]) => rows.length > 0 && rows.every((row) => row.attempts.length > 0);
const codes = (rows: DeliveryRow[]) => rows.map((row) => row.attempts[0]?.code);

test("however a forbidden address is written into the row, nobody calls it", async () => {
  const inside = await startReceiver();
  closing.push(inside.close);
  const { port } = new URL(inside.url);
  const written = FORBIDDEN.map(([text]) => text);
  const withPort = written
    .filter((text) => !/[#\\]|:\/\/\//.test(text))
    .map((text) => `${text}:${port}/hook`);
  for (const url of [...written, ...withPort]) await world.endpoint({ url });
  goOutBy({});
  await world.work();
  await world.fire();
  const rows = await world.until(isTried);
  expect(rows).toHaveLength(written.length + withPort.length);
  expect(new Set(codes(rows))).toEqual(new Set(["address_refused"]));
  expect(inside.requests).toHaveLength(0);
});

test("a name with one bad address, and one that becomes bad, reach nobody inside", async () => {
  const outside = await startReceiver();
  outside.answer = (_received, response) => void response.writeHead(200, { connection: "close" }).end();
  closing.push(outside.close);
  const { port } = new URL(outside.url);
  let inside = 0;
  const server = createServer((socket) => {
    inside += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(Number(port), "127.0.0.2", resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  let asked = 0;
  goOutBy({
    allowPrivateTargets: ["127.0.0.1/32"],
    resolve: async (name) => {
      const addresses = name.startsWith("both") ? ["127.0.0.1", "127.0.0.2"] : [`127.0.0.${++asked}`];
      return addresses.map((address) => ({ address, ttl: 0 }));
    },
  });
  const both = await world.endpoint({ url: `http://both.example.test:${port}/hook` });
  const turning = await world.endpoint({ url: `http://turning.example.test:${port}/hook` });
  await world.work();
  await world.fire();
  await world.until(isTried);
  await world.fire();
  await world.until((rows) => rows.length === 4 && isTried(rows));
  expect(codes(await world.deliveries(both.id))).toEqual(["address_refused", "address_refused"]);
  expect(codes(await world.deliveries(turning.id))).toEqual(["ok", "address_refused"]);
  expect(outside.requests).toHaveLength(1);
  expect(inside).toBe(0);
});

test("no redirect is followed, wherever it leads", async () => {
  const inside = await startReceiver();
  const receiver = await startReceiver();
  closing.push(inside.close, receiver.close);
  const targets = [inside.url, receiver.url, "file:///etc/passwd", "//127.0.0.1/", ""];
  receiver.answer = ({ path }, response) => {
    const [, status, target] = path.split("/");
    response.writeHead(Number(status), { location: targets[Number(target)] }).end();
  };
  for (const status of [301, 302, 303, 307, 308]) {
    for (const target of targets.keys()) {
      await world.endpoint({ url: `${new URL(receiver.url).origin}/${status}/${target}` });
    }
  }
  await world.work();
  await world.fire();
  const rows = await world.until(isTried);
  expect(new Set(codes(rows))).toEqual(new Set(["redirect"]));
  expect(receiver.requests).toHaveLength(rows.length);
  expect(inside.requests).toHaveLength(0);
});

/** A server that answers every request with what `answer` writes. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

/** Writes as long as the other side takes it. */
function endlessly(socket: Socket, piece: string | Buffer, everyMs = 0): void {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.on("close", () => clearInterval(timer));
}

function begun(socket: Socket, head: string): Socket {
  socket.write(head);
  return socket;
}

const OK = "HTTP/1.1 200 OK\r\n";

test("what an answer's body does to us changes nothing: its head decides", async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const answers: ((socket: Socket) => void)[] = [
    (socket) =>
      socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`) &&
      socket.write(bomb),
    (socket) => socket.write(`${OK}content-length: 10000000000\r\n\r\nshort`),
    (socket) => socket.write(`${OK}content-length: 2\r\n\r\n${"x".repeat(100_000)}`),
    (socket) => socket.end(`${OK}content-length: 100\r\n\r\ncut`),
    (socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
      endlessly(socket, `10000\r\n${"x".repeat(65_536)}\r\n`);
    },
    (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nno chunk`),
  ];
  for (const answer of answers) await world.endpoint({ url: await rawServer(answer) });
  await world.work();
  await world.fire();
  const rows = await world.until(isTried);
  expect(codes(rows)).toEqual(answers.map(() => "ok"));
  for (const row of rows) {
    const { response, ms } = row.attempts[0] as { response: { body: string }; ms: number };
    expect(response.body.length).toBeLessThanOrEqual(4_096);
    expect(ms).toBeLessThan(4_000);
  }
});

test("a head that never ends, or is none, ends as a failure and keeps nobody waiting", async () => {
  const healthy = await startReceiver();
  closing.push(healthy.close);
  const answers: [(socket: Socket) => void, code: string][] = [
    [(socket) => endlessly(begun(socket, OK), `x-a: ${"b".repeat(1_000)}\r\n`), "connection"],
    [(socket) => endlessly(socket, "HTTP/1.1 200", 100), "connection"],
    [(socket) => endlessly(begun(socket, `${OK}x: `), "y", 100), "timeout_total"],
    [(socket) => endlessly(socket, "HTTP/1.1 103 Early Hints\r\n\r\n", 50), "timeout_total"],
    [(socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"), "connection"],
    [(socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"), "connection"],
    [(socket) => void socket.destroy(), "connection"],
  ];
  const expected = new Map<string, string>();
  for (const [answer, code] of answers) {
    const { id } = await world.endpoint({ url: await rawServer(answer), timeoutMs: 1_000 });
    expected.set(id, code);
  }
  expected.set((await world.endpoint({ url: healthy.url })).id, "ok");
  await world.work();
  await world.fire();
  const rows = await world.until(isTried);
  const found = new Map(rows.map((row) => [row.endpointId, row.attempts[0]?.code]));
  expect([...expected.keys()].map((id) => found.get(id))).toEqual([...expected.values()]);
});
