import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import {
  createOutboundHttp,
  type OutboundHttpOptions,
  type OutboundRequest,
} from "../../src/tools/outbound-http.ts";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function client(options: Partial<OutboundHttpOptions> = {}) {
  const http = createOutboundHttp({ allowPrivateTargets: LOOPBACK, development: false, ...options });
  undo.push(() => http.close(0));
  return http;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const port = await listen(server);
  const sockets = { opened: 0 };
  server.on("connection", () => {
    sockets.opened++;
  });
  undo.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, port, sockets };
}

function get(url: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { method: "GET", url, headers: {}, timeoutMs: 5_000, ...more };
}

describe("downloads", () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

  test("bytes arrive as they are, up to the last one allowed", async () => {
    const { url } = await serve((_request, response) => response.end(bytes));
    const whole = await client().download({ url, headers: {}, timeoutMs: 5_000, maxBytes: 256 });
    expect(whole).toMatchObject({ ok: true, status: 200, isWhole: true });
    expect(whole.ok && whole.body.equals(bytes)).toBe(true);
    const cut = await client().download({ url, headers: {}, timeoutMs: 5_000, maxBytes: 255 });
    expect(cut).toMatchObject({ ok: true, isWhole: false });
  });

  test("a body without end is cut off, and so is one that comes drop by drop", async () => {
    const { url } = await serve((request, response) => {
      const pour = () => {
        if (request.url !== "/drops") while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.write("x");
      response.on("drain", pour);
      pour();
    });
    const flood = await client().download({ url, headers: {}, timeoutMs: 5_000, maxBytes: 100_000 });
    expect(flood).toMatchObject({ ok: true, isWhole: false });
    const drops = { url: `${url}/drops`, headers: {}, timeoutMs: 100, maxBytes: 100_000 };
    expect(await client().download(drops)).toMatchObject({ ok: false, reached: true, code: "timeout" });
  });

  test("one that is given up is answered at once", async () => {
    const { url } = await serve(() => undefined);
    const stop = new AbortController();
    const request = { url, headers: {}, timeoutMs: 60_000, maxBytes: 1, signal: stop.signal };
    const running = client().download(request);
    stop.abort();
    expect(await running).toMatchObject({ ok: false, code: "aborted" });
    expect(await client().download(request)).toMatchObject({ ok: false, code: "aborted" });
  });
});

describe("answers", () => {
  test("what was sent arrives, and the answer comes back as data", async () => {
    const server = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        response.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
        const { method, url, headers } = request;
        response.end(
          JSON.stringify({
            method,
            url,
            host: headers.host,
            key: headers["x-key"],
            body: Buffer.concat(parts).toString(),
          }),
        );
      });
    });
    const answer = await client().call({
      method: "POST",
      url: `${server.url}/a/b?c=%2B1#d`,
      headers: { "x-key": "k" },
      body: "grüße 👋",
      timeoutMs: 5_000,
    });
    expect(answer).toMatchObject({
      ok: true,
      status: 201,
      headers: { "content-type": "application/json", "set-cookie": "a=1, b=2" },
    });
    expect(answer.ok && JSON.parse(answer.body)).toEqual({
      method: "POST",
      url: "/a/b?c=%2B1",
      host: `127.0.0.1:${server.port}`,
      key: "k",
      body: "grüße 👋",
    });
  });

  test("redirects are answers, and are not followed", async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.url);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await client().call(get(server.url))).toMatchObject({ ok: true, status: 302 });
    expect(seen).toEqual(["/"]);
  });

  test("packed bodies stay packed", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("plain text"));
    });
    const answer = await client().call(get(server.url));
    expect(answer.ok && answer.body).not.toContain("plain text");
  });

  test.each([
    [undefined, 65_536],
    [10, 10],
  ])("no more than %s bytes are read", async (maxResponseBytes, length) => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      const write = (): void => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
      };
      response.on("drain", write);
      write();
    });
    const answer = await client().call(get(server.url, maxResponseBytes ? { maxResponseBytes } : {}));
    expect(answer.ok && answer.body.length).toBe(length);
  });

  test("connections are used again", async () => {
    const server = await serve((_request, response) => response.end("ok"));
    const http = client();
    for (let i = 0; i < 20; i++) await http.call(get(server.url));
    // One rests for a turn of the event loop after its answer, so a second may be opened.
    expect(server.sockets.opened).toBeLessThanOrEqual(2);
  });
});

describe("how far a call came", () => {
  test("nobody listens: not reached", async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const answer = await client().call(get(`http://127.0.0.1:${port}/`));
    expect(answer).toMatchObject({ ok: false, reached: false, code: "ECONNREFUSED" });
  });

  test("every call that waits for a connection hears that there is none, and a later one gets through", async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const http = client({ connectionsPerOrigin: 2 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => http.call(get(`http://127.0.0.1:${port}/`))),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, reached: false, code: "ECONNREFUSED" });

    const back = createServer((_request, response) => response.end("ok"));
    await new Promise<void>((resolve) => back.listen(port, "127.0.0.1", resolve));
    undo.push(async () => {
      back.closeAllConnections();
      back.close();
    });
    expect(await http.call(get(`http://127.0.0.1:${port}/`))).toMatchObject({ ok: true, body: "ok" });
  });

  test("a name nobody knows: not reached", async () => {
    const http = client({
      resolve: async () => {
        throw Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" });
      },
    });
    const answer = await http.call(get("https://hooks.example.test/"));
    const text = "no name server knows hooks.example.test";
    expect(answer).toMatchObject({ ok: false, reached: false, code: "ENOTFOUND", text });
  });

  test("a server that speaks no TLS: not reached", async () => {
    const server = await serve((_request, response) => response.end("ok"));
    const answer = await client().call(get(server.url.replace("http:", "https:")));
    expect(answer).toMatchObject({ ok: false, reached: false });
  });

  test("the connection is cut after the body: may have been processed", async () => {
    const server = await serve((request) => {
      request.resume().on("end", () => request.socket.destroy());
    });
    const answer = await client().call({ ...get(server.url), method: "POST", body: "text" });
    expect(answer).toMatchObject({ ok: false, reached: true, code: "closed" });
  });

  test("no answer in time: may have been processed", async () => {
    const server = await serve((request) => void request.resume());
    const answer = await client().call(get(server.url, { method: "POST", body: "text", timeoutMs: 50 }));
    expect(answer).toEqual({ ok: false, reached: true, code: "timeout", text: "no answer in 50 ms" });
  });

  test("an answer that stops half way: may have been processed", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await client().call(get(server.url))).toMatchObject({ ok: false, reached: true });
  });

  test("time is up while waiting for a free connection: not reached", async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request) => {
      seen.push(request.url);
    });
    const http = client({ connectionsPerOrigin: 1 });
    const first = http.call(get(`${server.url}/first`, { timeoutMs: 300 }));
    const second = await http.call(get(`${server.url}/second`, { timeoutMs: 50 }));
    expect(second).toMatchObject({ ok: false, reached: false, code: "timeout" });
    expect(await first).toMatchObject({ ok: false, reached: true });
    expect(seen).toEqual(["/first"]);
  });

  test("a closed client calls nobody", async () => {
    const http = client();
    await http.close();
    expect(await http.call(get("http://127.0.0.1:9/"))).toMatchObject({ ok: false, reached: false });
  });

  test("a header that cannot be sent is a failure, not an exception", async () => {
    const server = await serve((_request, response) => response.end("ok"));
    const answer = await client().call(get(server.url, { headers: { "x-key": "a\r\nb: c" } }));
    expect(answer).toMatchObject({ ok: false, reached: false });
  });
});

describe("names", () => {
  const at = (address: string, ttl = 60) => ({ address, ttl });

  test("are dialled at the judged address, with the name as Host", async () => {
    const server = await serve((request, response) => response.end(request.headers.host));
    let asked = 0;
    const http = client({
      connectionsPerOrigin: 4,
      resolve: async () => {
        asked++;
        return [at("127.0.0.1")];
      },
    });
    const url = `http://hooks.example.test:${server.port}/`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => http.call(get(url))));
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: true, body: `hooks.example.test:${server.port}` });
    expect(asked).toBe(1);
  });

  test("one bad address refuses the whole name", async () => {
    const http = client({ resolve: async () => [at("8.8.8.8"), at("10.1.2.3")] });
    expect(await http.call(get("https://hooks.example.test/"))).toEqual({
      ok: false,
      reached: false,
      code: "target_refused",
      text: "hooks.example.test resolves to 10.1.2.3 (private). An operator can allow it with ALLOW_PRIVATE_TARGETS=10.1.2.3/32.",
    });
  });

  test("a name that changes its address is judged at each dial", async () => {
    const server = await serve((_request, response) => response.setHeader("connection", "close").end("ok"));
    const answers = [[at("127.0.0.1", 0)], [at("10.1.2.3", 0)]];
    const http = client({ resolve: async () => answers.shift() ?? [] });
    const url = `http://hooks.example.test:${server.port}/`;
    expect(await http.call(get(url))).toMatchObject({ ok: true });
    expect(await http.call(get(url))).toMatchObject({ ok: false, code: "target_refused" });
  });

  test("plain http to a public address is refused", async () => {
    const http = client({ resolve: async () => [at("8.8.8.8")] });
    expect(await http.call(get("http://hooks.example.test/"))).toMatchObject({
      code: "target_refused",
      text: "hooks.example.test: https is required",
    });
  });

  test("a second address is tried when the first takes no connection", async () => {
    const server = await serve((_request, response) => response.end("ok"));
    const http = client({ resolve: async () => [at("127.9.9.9"), at("127.0.0.1")] });
    expect(await http.call(get(`http://hooks.example.test:${server.port}/`))).toMatchObject({ ok: true });
  });

  test("localhost is this machine, as far as it is allowed", async () => {
    const server = await serve((_request, response) => response.end("ok"));
    const url = `http://localhost:${server.port}/`;
    expect(await client({ allowPrivateTargets: ["127.0.0.0/8"] }).call(get(url))).toMatchObject({ ok: true });
    expect(await client({ allowPrivateTargets: [] }).call(get(url))).toMatchObject({
      code: "target_refused",
    });
  });
});
