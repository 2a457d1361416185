import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portalFiles } from "../../src/http/portal-files.ts";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";

const PAGE = "<!doctype html><title>Signalbox</title><div id=root></div>";
const SCRIPT = `console.log("${"x".repeat(100)}")`;

let folder: string;
let url: string;
const app = Fastify({ logger: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-portal-"));
  await mkdir(join(folder, "dist/assets"), { recursive: true });
  await mkdir(join(folder, "dist/.vite"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not of the portal");
  await writeFile(join(folder, "dist/.vite/manifest.json"), "{}");
  await writeFile(join(folder, "dist/favicon.svg"), "<svg/>");
  await writeFile(join(folder, "dist/assets/index-a1b2c3d4.js"), SCRIPT);
  await writeFile(join(folder, "dist/assets/index-a1b2c3d4.js.br"), "packed");
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "not_found" }));
  portalFiles(app, join(folder, "dist"));
  url = await app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers?: Record<string, string>) =>
  callApi(url, null, "GET", path, undefined, headers);

test("before the first build a page says how to make one", async () => {
  const { status, body, headers } = await get("/");
  expect(status).toBe(503);
  expect(body).toContain("npm run build:portal");
  expect(headers.get("cache-control")).toBe("no-store");
  await writeFile(join(folder, "dist/index.html"), PAGE);
});

describe("the page", () => {
  test.each([
    "/",
    "/setup?token=abc",
    "/channels",
    "/commands/cmd_1",
    "/inbox/+14155550101",
    "/versions",
    "/index.html",
  ])("%s is the page, never kept without asking", async (path) => {
    const { status, body, headers } = await get(path);
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-cache");
    const again = await get(path, { "if-none-match": headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
  });

  test("allows scripts of its own files only, and no frame around it", async () => {
    const { headers } = await get("/");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toMatch(/(^|; )script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });
});

describe("files", () => {
  test("with a hash in their name are kept for a year", async () => {
    const { body, headers } = await get("/assets/index-a1b2c3d4.js", { "accept-encoding": "identity" });
    expect(body).toBe(SCRIPT);
    expect(headers.get("content-type")).toMatch(/javascript/);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("without one are asked for each time", async () => {
    const { body, headers } = await get("/favicon.svg");
    expect(body.toString()).toBe("<svg/>");
    expect(headers.get("cache-control")).toBe("no-cache");
  });

  test("packed by the build go out packed", async () => {
    const answer = await fetch(`${url}/assets/index-a1b2c3d4.js`, {
      method: "HEAD",
      headers: { "accept-encoding": "br" },
    });
    expect(answer.headers.get("content-encoding")).toBe("br");
    expect(answer.headers.get("vary")).toMatch(/accept-encoding/i);
  });

  test("of an older build are gone, not the page in their place", async () => {
    expect((await get("/assets/index-00000000.js")).status).toBe(404);
  });

  test.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/.vite/manifest.json",
    "/assets/../../secret.txt",
  ])("%s shows nothing else", async (path) => {
    const { hostname, port } = new URL(url);
    const { body } = await rawGet(hostname, Number(port), path);
    expect(body).not.toContain("not of the portal");
    expect(body).not.toBe("{}");
  });
});

/** `fetch` would tidy the path. */
async function rawGet(host: string, port: number, path: string): Promise<{ body: string }> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        body += chunk;
      });
      answer.on("end", () => resolve({ body }));
    });
    call.on("error", reject);
    call.end();
  });
}

describe("in the program", () => {
  let program: Program;
  beforeAll(async () => {
    program = await startProgram();
  });
  afterAll(() => program.stop());

  test.each([
    "/v1/nothing",
    "/v1",
    "/in/nothing",
    "/phone/v1/nothing",
    "/mobiniti/v1/nothing",
    "/board/nothing",
    "/health",
    "/portal/nothing",
    "/portal/auth/nothing",
    "/wp-json/nothing",
    "/openapi.json/x",
  ])("%s is not the page", async (path) => {
    const { status, headers } = await callApi(program.url, null, "GET", path);
    expect(status).toBe(404);
    expect(headers.get("content-type")).toMatch(/json/);
  });

  test("the start is the portal's, the API page stays where it was", async () => {
    const start = await callApi(program.url, null, "GET", "/");
    expect(start.headers.get("content-type")).toMatch(/html/);
    expect(start.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect((await callApi(program.url, null, "GET", "/docs/")).status).toBe(200);
    expect((await callApi(program.url, null, "POST", "/channels", {})).status).toBe(404);
  });
});
