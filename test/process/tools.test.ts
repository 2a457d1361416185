import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/tools/clock.ts";
import { createLog, maskPhone } from "../../src/tools/log.ts";
import { createMetrics } from "../../src/tools/metrics.ts";
import { createSecretBox, hashKey, hashPin, loadOrCreateMasterKey } from "../../src/tools/secrets.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("secret box", () => {
  const box = createSecretBox(Buffer.alloc(32, 1));
  const sealed = box.seal("hush • 🔑", "chn_1");

  test("opens what it sealed, and never seals the same twice", () => {
    expect(box.open(sealed, "chn_1")).toBe("hush • 🔑");
    expect(sealed).not.toContain("hush");
    expect(sealed.startsWith(`v1.${box.keyId}.`)).toBe(true);
    expect(box.seal("hush • 🔑", "chn_1")).not.toBe(sealed);
    expect(box.open(box.seal("", ""), "")).toBe("");
  });

  const flipped = `${sealed.slice(0, -2)}${sealed.at(-2) === "A" ? "B" : "A"}${sealed.slice(-1)}`;
  test.each([
    ["for another owner", sealed, "chn_2"],
    ["changed", flipped, "chn_1"],
    ["cut short", sealed.slice(0, 20), "chn_1"],
    ["not sealed at all", "hush", "chn_1"],
    ["of another key", createSecretBox("another secret, chosen").seal("hush", "chn_1"), "chn_1"],
  ])("does not open one that is %s", (_, text, owner) => {
    expect(() => box.open(text, owner)).toThrow();
  });

  test("a wrong key is told by name", () => {
    const other = createSecretBox(Buffer.alloc(32, 2));
    expect(() => other.open(sealed, "chn_1")).toThrow("SIGNALBOX_SECRET");
  });
});

describe("keys and hashes", () => {
  test("the key is made once, private, and the same when given as text", async () => {
    const first = loadOrCreateMasterKey(folder);
    expect(loadOrCreateMasterKey(folder)).toEqual(first);
    expect((await stat(join(folder, "secret"))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["secret"]);
    const text = (await readFile(join(folder, "secret"), "utf8")).trim();
    expect(loadOrCreateMasterKey("/nowhere", text)).toEqual(first);
    expect(createSecretBox(text).keyId).toBe(createSecretBox(first).keyId);
  });

  test("an emptied file is not silently replaced", async () => {
    await writeFile(join(folder, "secret"), "");
    expect(() => loadOrCreateMasterKey(folder)).toThrow("is empty");
  });

  test("a missing folder is made, and stays passable for the database when root makes it", async () => {
    const inner = join(folder, "new");
    loadOrCreateMasterKey(inner);
    expect((await stat(inner)).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    await chmod(inner, 0o700);
  });

  test("hashes depend on all their parts", () => {
    expect(hashKey("sk_live_x").toString("hex")).toMatch(/^[\da-f]{64}$/);
    const hashes = [
      hashPin(Buffer.alloc(32, 1), "rep_1", "1234"),
      hashPin(Buffer.alloc(32, 2), "rep_1", "1234"),
      hashPin(Buffer.alloc(32, 1), "rep_2", "1234"),
      hashPin(Buffer.alloc(32, 1), "rep_1", "1235"),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(hashPin(Buffer.alloc(32, 1), "rep_1", "1234")).toBe(hashes[0]);
  });
});

describe("log", () => {
  function lines() {
    const written: string[] = [];
    const log = createLog({
      level: "info",
      pretty: false,
      destination: { write: (line) => written.push(line) },
    });
    return { log, last: () => JSON.parse(written.at(-1) ?? "{}"), count: () => written.length };
  }

  test("is JSON with a level and a time a person can read", () => {
    const { log, last, count } = lines();
    log.info({ channel: "chn_1" }, "text received");
    expect(last()).toMatchObject({ level: "info", channel: "chn_1", msg: "text received" });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
    log.debug("not written");
    expect(count()).toBe(1);
  });

  test("never holds a secret, wherever it sits", () => {
    const { log, last } = lines();
    const fields = {
      headers: { Authorization: "hush", accept: "text/plain" },
      settings: [{ provider: { authToken: "hush", accountSid: "AC1" } }],
      apiKey: "hush",
      password: null,
    };
    log.child({ token: "hush" }).info(fields, "call");
    expect(JSON.stringify(last())).not.toContain("hush");
    expect(last()).toMatchObject({ headers: { accept: "text/plain" }, apiKey: "[secret]", password: null });
    expect(last().settings).toEqual([{ provider: { authToken: "[secret]", accountSid: "AC1" } }]);
    expect(fields.apiKey).toBe("hush");
  });

  test("keeps errors whole", () => {
    const { log, last } = lines();
    log.error({ err: new Error("broken") }, "failed");
    expect(last().err).toMatchObject({ type: "Error", message: "broken" });
  });

  test.each([
    ["+14155550134", "+1******34"],
    ["+4915112345678", "+4******78"],
    ["4155550134", "4******34"],
    ["72975", "*****"],
    ["", ""],
  ])("masks %s as %s", (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});

describe("metrics and clock", () => {
  test("metrics carry the prefix, their labels and the version", async () => {
    const metrics = createMetrics("1.2.3");
    metrics.messagesReceived.inc({ channel: "chn_1", kind: "message" });
    metrics.replyLatency.observe({ kind: "command" }, 0.004);
    const text = await metrics.registry.metrics();
    expect(text).toContain('signalbox_build_info{version="1.2.3"} 1');
    expect(text).toContain('signalbox_messages_received_total{channel="chn_1",kind="message"} 1');
    expect(text).toContain('signalbox_reply_latency_seconds_bucket{le="0.005",kind="command"} 1');
    const names = (await metrics.registry.getMetricsAsJSON()).map((metric) => metric.name);
    expect(names.filter((name) => !name.startsWith("signalbox_"))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    createMetrics("1.2.3");
  });

  test("the system clock tells milliseconds", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  });
});
