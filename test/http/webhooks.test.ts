import { createHmac, timingSafeEqual } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";
import type { Received, Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

let program: Program;
let receiver: Receiver;
let secret: string;

beforeAll(async () => {
  program = await startProgram();
  receiver = await startReceiver();
});
afterAll(async () => {
  await program.stop();
  await receiver.close();
});

const api = (method: string, body?: unknown) => program.api(method, "/v1/webhooks", body);
const text = (from: string, said: string) =>
  program.api("POST", "/v1/simulator/messages", { from, text: said });

/** The check of the vendor's guide: what stands after the last `=`, against the raw body. */
function guideAccepts(request: Received | undefined, withSecret: string): boolean {
  const given = (request?.headers["x-mac-signature"] ?? "").split("=").pop() ?? "";
  const expected = createHmac("sha256", withSecret)
    .update(request?.body ?? "")
    .digest("hex");
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

describe("forward all", () => {
  test("nothing is set at first", async () => {
    for (const method of ["GET", "DELETE"]) {
      const { status, body } = await api(method);
      expect([status, body.error]).toEqual([404, "no_webhook_config"]);
    }
  });

  test.each([
    [{}, "url"],
    [{ url: 7 }, "url"],
    [{ url: "nowhere", enabled: true }, "url"],
    [{ url: "https://example.com", enabled: "yes" }, "enabled"],
    [{ url: "https://example.com", secret: "short" }, "secret"],
  ])("%j is refused by name", async (body, path) => {
    const answer = await api("PUT", body);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
  });

  test("the first PUT answers the secret, later ones do not", async () => {
    const first = await api("PUT", { url: receiver.url, enabled: true });
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      url: receiver.url,
      enabled: true,
      secretSet: true,
      updatedAt: expect.stringMatching(/Z$/),
      secret: expect.stringMatching(/^whsec_/),
    });
    secret = first.body.secret;
    const { secret: _secret, ...shown } = first.body;
    expect((await api("GET")).body).toEqual(shown);
    const again = await api("PUT", { url: receiver.url, enabled: true, whatever: 1 });
    expect(again.body).toEqual({ ...shown, updatedAt: expect.any(String) });
    expect(await databaseText(program.databaseUrl)).not.toContain(secret.slice(6));
    const [endpoint] = (await program.api("GET", "/v1/endpoints?source=forward_all")).body.data;
    expect(endpoint).toMatchObject({ format: "mobile-api-connect", types: ["message.received"] });
    expect((await program.api("DELETE", `/v1/endpoints/${endpoint.id}`)).status).toBe(409);
    const moved = await program.api("PATCH", `/v1/endpoints/${endpoint.id}`, { url: "https://example.com" });
    expect(moved.body.issues[0].path).toBe("url");
  });

  test("a text that comes in arrives exactly as the guide says", async () => {
    await text("+14155550101", "balance");
    const [request] = await receiver.received(1);
    const message = (await program.api("GET", "/v1/messages?direction=in")).body.data[0];
    expect(request?.body).toBe(
      JSON.stringify({
        event: "message.received",
        from: "14155550101",
        to: "14155550100",
        text: "balance",
        ref: null,
        receivedAt: message.createdAt,
        deviceId: message.channelId,
        tenantId: program.tenantId,
        tenantName: program.app.tenant.name,
      }),
    );
    expect(guideAccepts(request, secret)).toBe(true);
    expect(
      guideAccepts(request && { ...request, body: request.body.replace("balance", "Balance") }, secret),
    ).toBe(false);
    expect(request?.headers["x-signalbox-message-id"]).toBe(message.id);
    expect(request?.headers["webhook-signature"]).toMatch(/^v1,/);
  });

  test("STOP and commands are forwarded too; switched off, they wait", async () => {
    await text("+14155550101", "GROOMING OPEN");
    await text("+14155550133", "STOP");
    const requests = await receiver.received(3);
    expect(
      requests
        .slice(1)
        .map(({ body }) => JSON.parse(body).text)
        .sort(),
    ).toEqual(["GROOMING OPEN", "STOP"]);
    await api("PUT", { url: receiver.url, enabled: false });
    await text("+14155550134", "later");
    expect((await api("GET")).body.enabled).toBe(false);
    await api("PUT", { url: receiver.url, enabled: true });
    const [, , , held] = await receiver.received(4);
    expect(JSON.parse(held?.body ?? "").text).toBe("later");
  });

  test("an own secret, or none", async () => {
    expect((await api("PUT", { url: receiver.url, secret: "a secret of my own" })).body).not.toHaveProperty(
      "secret",
    );
    await text("+14155550135", "mine");
    const own = (await receiver.received(5))[4];
    expect(guideAccepts(own, "a secret of my own")).toBe(true);
    expect(own?.headers["webhook-signature"]).toBeUndefined();
    expect((await api("PUT", { url: receiver.url, secret: null })).body.secretSet).toBe(false);
    await text("+14155550136", "unsigned");
    const unsigned = (await receiver.received(6))[5];
    expect(unsigned?.headers["x-mac-signature"]).toBeUndefined();
  });

  test("another account has its own; an operator may only look", async () => {
    const other = await otherTenantKey(program);
    expect((await callApi(program.url, other, "GET", "/v1/webhooks")).body.error).toBe("no_webhook_config");
    const { key } = (await program.api("POST", "/v1/keys", { name: "o", role: "operator" })).body;
    expect((await callApi(program.url, key, "GET", "/v1/webhooks")).status).toBe(200);
    expect((await callApi(program.url, key, "PUT", "/v1/webhooks", { url: "https://e.com" })).status).toBe(
      403,
    );
  });

  test("removed, it is gone", async () => {
    expect((await api("DELETE")).status).toBe(204);
    expect((await api("GET")).body.error).toBe("no_webhook_config");
    expect((await api("PUT", { url: receiver.url })).body).toMatchObject({
      enabled: true,
      secret: expect.stringMatching(/^whsec_/),
    });
  });
});
