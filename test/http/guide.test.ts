import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";

/** What programs written for Mobile API Connect rely on: its guide's own calls, and every error of its table. */

let program: Program;
let client: pg.Client;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await program.stop();
});

const call = (method: string, path: string, body?: unknown, key: string | null = program.apiKey) =>
  callApi(program.url, key, method, path, body);

test("the guide's first call: queued at once", async () => {
  // As curl sends it: -H "Authorization: Bearer …" -H "Content-Type: application/json" -d '…'
  const answer = await fetch(`${program.url}/v1/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${program.apiKey}`, "Content-Type": "application/json", Accept: "*/*" },
    body: '{"to":"+6581230000","text":"Hello from our shop","ref":"order-4821"}',
  });
  expect(answer.status).toBe(202);
  const body = (await answer.json()) as { createdAt: string };
  expect(body).toMatchObject({ id: expect.stringMatching(/^msg_/), status: "queued", ref: "order-4821" });
  expect(body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("fields nobody documented are read over", async () => {
  const order = { to: "+6581230000", text: "x", channel: "sms", priority: "high", meta: { a: 1 } };
  expect((await call("POST", "/v1/messages", order)).status).toBe(202);
  expect((await call("POST", "/v1/ingress", { name: "x", color: "red" })).status).toBe(201);
});

test("an integration as the guide makes and changes it", async () => {
  const made = await call("POST", "/v1/ingress", { name: "Order system", preset: "generic" });
  expect(made.status).toBe(201);
  const changed = await call("PUT", `/v1/ingress/${made.body.id}`, {
    name: "Order system",
    preset: "generic",
    toPath: "customer.phone",
    textPath: "notification.body",
    refPath: "invoiceId",
  });
  expect(changed.status).toBe(200);
  const answer = await call(
    "POST",
    `/v1/ingress/${made.body.token}`,
    {
      customer: { phone: "+6581230000" },
      notification: { body: "Your invoice is ready" },
      invoiceId: "INV-99",
    },
    null,
  );
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^msg_/),
    status: "queued",
    to: "+6581230000",
    text: "Your invoice is ready",
    ref: "INV-99",
  });
});

describe("errors", () => {
  const order = { to: "+6581230000", text: "x" };

  test("400 validation_error has issues", async () => {
    const { status, body } = await call("POST", "/v1/messages", { to: "nobody" });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: "validation_error",
      message: expect.any(String),
      issues: expect.arrayContaining([{ path: "text", message: expect.any(String) }]),
    });
  });

  test("400 missing_fields lists the paths that were tried", async () => {
    const { body: made } = await call("POST", "/v1/ingress", { name: "x" });
    const { status, body } = await call("POST", `/v1/ingress/${made.token}`, {}, null);
    expect([status, body.error, body.tried]).toEqual([400, "missing_fields", { to: "to", text: "text" }]);
  });

  test.each<[string, string | null, number, string]>([
    ["no key", null, 401, "unauthorized"],
    ["half a key", "sk_live_x", 401, "unauthorized"],
    ["a key nobody has", `sk_live_${"x".repeat(40)}`, 401, "invalid_api_key"],
  ])("%s", async (_case, key, status, error) => {
    const answer = await call("POST", "/v1/messages", order, key);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error, message: expect.any(String) });
  });

  test("404 not_found, 404 no_webhook_config", async () => {
    expect((await call("GET", "/v1/messages/msg_nobody")).body.error).toBe("not_found");
    expect((await call("GET", "/v1/webhooks")).body.error).toBe("no_webhook_config");
  });

  test("401 where a signature is missing", async () => {
    const { body: made } = await call("POST", "/v1/ingress", { name: "x", signingSecret: "s3cret" });
    const { status, body } = await call("POST", `/v1/ingress/${made.token}`, order, null);
    expect([status, body.error]).toEqual([401, "invalid_signature"]);
  });

  test("503 no_active_device_for_tenant", async () => {
    await client.query(
      "update lanes set paused_until = now() + interval '1 day', pause_cause = 'paused_by_user' where tenant_id = $1",
      [program.tenantId],
    );
    const { status, body } = await call("POST", "/v1/messages", order);
    expect([status, body.error]).toEqual([503, "no_active_device_for_tenant"]);
    const { body: made } = await call("POST", "/v1/ingress", { name: "x" });
    expect((await call("POST", `/v1/ingress/${made.token}`, order, null)).status).toBe(503);
  });

  test("403 tenant_inactive", async () => {
    await client.query("update tenants set active = false where id = $1", [program.tenantId]);
    program.clock.advance(3);
    const { status, body } = await call("POST", "/v1/messages", order);
    expect([status, body.error]).toEqual([403, "tenant_inactive"]);
  });
});
