import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import { doorRequest } from "./harness.ts";
import { inbound, settings } from "./mobiniti-samples.ts";

describe("who may post", () => {
  test.each<[allowed: unknown, address: string, genuine: boolean]>([
    [["192.0.2.1"], "192.0.2.1", true],
    ["192.0.2.1, 192.0.2.2\n203.0.113.10", "203.0.113.10", true],
    [["192.0.2.1"], "::ffff:192.0.2.1", true],
    [["203.0.113.0/24"], "203.0.113.99", true],
    [["2001:db8::/32"], "2001:DB8::1", true],
    [["192.0.2.1"], "192.0.2.10", false],
    [["192.0.2.1"], "unknown", false],
    [["192.0.2.1"], "", false],
  ])("%j lets %s in: %s", (allowedIps, clientAddress, genuine) => {
    expect(channel.verify(doorRequest("inbound", inbound, { clientAddress }), { allowedIps }).genuine).toBe(
      genuine,
    );
  });

  test("what the log says", () => {
    const request = doorRequest("inbound", inbound, { clientAddress: "::ffff:198.51.100.7" });
    expect(channel.verify(request, { allowedIps: ["192.0.2.1", "203.0.113.0/24"] })).toEqual({
      genuine: false,
      reason: "unauthorized_ip",
      log: "Webhook from unauthorized IP: 198.51.100.7 (allowed: 192.0.2.1, 203.0.113.0/24)",
    });
    for (const allowedIps of [[], "", undefined, ["nonsense"]]) {
      expect(channel.verify(request, { allowedIps })).toMatchObject({
        log: "No allowed IPs configured for Mobiniti webhook validation",
      });
    }
  });

  test("headers do not count", () => {
    const headers = {
      "x-forwarded-for": "192.0.2.1",
      "x-real-ip": "192.0.2.1",
      "cf-connecting-ip": "192.0.2.1",
    };
    const request = doorRequest("inbound", inbound, { clientAddress: "198.51.100.7", headers });
    expect(channel.verify(request, settings).genuine).toBe(false);
  });
});

describe("settings", () => {
  test.each<[what: string, values: object, issues: [path: string, message: string][]]>([
    ["all there", { shortCode: "64600", sendBy: "contact", apiUrl: "https://api.example.com/v1" }, []],
    ["only what is required", { sendBy: "", apiUrl: null }, []],
    [
      "no token",
      { accessToken: " " },
      [["accessToken", "Mobiniti not configured. Please add Access Token."]],
    ],
    ["a token over 1 kB", { accessToken: "x".repeat(1500) }, []],
    [
      "a token with a line break",
      { accessToken: "a\nb" },
      [["accessToken", "The token holds blanks or characters no token has"]],
    ],
    [
      "no list",
      { allowedIps: undefined },
      [["allowedIps", "No allowed IPs configured for Mobiniti webhook validation"]],
    ],
    [
      "an empty list",
      { allowedIps: [" ", ""] },
      [["allowedIps", "No allowed IPs configured for Mobiniti webhook validation"]],
    ],
    [
      "a wrong address",
      { allowedIps: ["192.0.2.1", "192.0.2.256"] },
      [["allowedIps", '"192.0.2.256" is not an IP address or CIDR']],
    ],
    ["an unknown mode", { sendBy: "fax" }, [["sendBy", "One of auto, direct, contact"]]],
    [
      "no URL",
      { apiUrl: "ftp://x" },
      [["apiUrl", "An http or https address such as https://api.mobiniti.com/v1"]],
    ],
  ])("%s", (_what, values, issues) => {
    expect(channel.check({ ...settings, ...values }).map((one) => [one.path, one.message])).toEqual(issues);
  });

  test("the token is the only secret, and every door says where its address goes", () => {
    expect(channel.settings.filter((one) => one.secret).map((one) => one.key)).toEqual(["accessToken"]);
    expect(channel.doors.map((door) => door.kind)).toEqual([
      "inbound",
      "unsubscribe",
      "bounce",
      "delivery-report",
      "contact-status",
      "rejected",
    ]);
    expect(channel.doors.every((door) => door.help.startsWith("Mobiniti: Settings > "))).toBe(true);
  });
});
