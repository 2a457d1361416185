import { describe, expect, test } from "vitest";
import { publicKeyOf, readEd25519, signatureHeaders } from "../../src/delivery/hooks/signing.ts";

const V1 = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const V2 = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const V3 = "whsec_plJ3nmyCDGBKInavdOK15jsl";
const V7 = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT = 1_614_265_330;
const BODY = '{"test": 2432232314}';

const symmetric = (text: string) => ({ kind: "symmetric", text }) as const;
const sign = (body: string | Buffer, secret: string, id = ID, seconds = AT) =>
  signatureHeaders({ id, seconds, body: Buffer.from(body) }, [symmetric(secret)], "v1", false)[
    "webhook-signature"
  ];

describe("published vectors of Standard Webhooks", () => {
  test.each([
    ["V1", V1, ID, AT, BODY, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    [
      "V2",
      V2,
      "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
      1_649_367_553,
      '{"email":"test@example.com","username":"test_user"}',
      "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ],
    [
      "V3",
      V3,
      "msg_loFOjxBNrRLzqYUf",
      1_731_705_121,
      '{"event_type":"ping","data":{"success":true}}',
      "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ],
    ["V4", V1, ID, AT, "a".repeat(262_143), "v1,NTItnqyWMoFhk2Bbe5V/BMdcFRWgcSQaTgqLHX7FC7c="],
    ["V5", V1, ID, AT, "a".repeat(262_144), "v1,Mw4Pe2WgApuT7NSqnSq0PQPV9gbLdggCl9B865x5Xh0="],
    ["V6", V1, ID, AT, "a".repeat(1_048_576), "v1,txpEUxqWZJ5nteTnymUVa+7C4NHpBeXJ6CsBAW0c3/A="],
    ["an empty body", V1, ID, AT, "", "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A="],
  ])("%s", (_name, secret, id, at, body, expected) => {
    expect(sign(body, secret, id, at)).toBe(expected);
  });

  test("bytes that are no text", () => {
    expect(sign(Buffer.from([0xff, 0x00, 0xfe]), V1)).toBe("v1,Hpm+Yu5hvZmVRErTZ3JGp/RT64YviODP3R7ixUqkLnc=");
  });

  test("during a rotation both secrets sign, the newest first", () => {
    const request = { id: ID, seconds: AT, body: Buffer.from(BODY) };
    const headers = signatureHeaders(request, [symmetric(V2), symmetric(V1)], "v1", true);
    expect(headers["webhook-signature"]).toBe(
      "v1,78nXHjpFP0tVJQW5D0SBwmVyyW87BV/rL6MgfM/Bw44= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
    const alone = signatureHeaders(request, [symmetric(V1)], "v1", true);
    expect(headers["x-mac-signature"], "one signature: it stays with the old secret").toBe(
      alone["x-mac-signature"],
    );
  });

  test("V7: Ed25519", () => {
    const request = { id: ID, seconds: AT, body: Buffer.from(BODY) };
    const headers = signatureHeaders(request, [{ kind: "ed25519", text: V7 }], "v1a", false);
    expect(headers["webhook-signature"]).toBe(
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    );
    expect(publicKeyOf(V7)).toBe("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=");
  });
});

describe("X-MAC-Signature", () => {
  const mac = (body: string, secret: string) =>
    signatureHeaders({ id: ID, seconds: AT, body: Buffer.from(body) }, [symmetric(secret)], "v1", true)[
      "x-mac-signature"
    ];
  const inbound =
    '{"event":"message.received","from":"919876543210","to":"911234500000","text":"balance","ref":null,"receivedAt":"2026-06-12T14:32:00.000Z","deviceId":"dev_1","tenantId":"ten_1","tenantName":"Acme Corp"';

  test("the key is the whole secret text", () => {
    expect(mac(`${inbound},"matchedRuleId":"rule_1"}`, V1)).toBe(
      "sha256=9f2007a9da0ea76b698cb2ac1b1f438cf949c3a0608687c4d32ec4251f5a1d31",
    );
    expect(mac(`${inbound}}`, V1)).toBe(
      "sha256=9187776e1eb6d7e7328bb64b5713ba66237206846ea60817383657bedca42a6c",
    );
  });

  test("a secret of the owner's own can sign nothing else", () => {
    const request = { id: ID, seconds: AT, body: Buffer.from("Hello, World!") };
    const headers = signatureHeaders(request, [symmetric("It's a Secret to Everybody")], "v1", false);
    expect(headers).toEqual({
      "x-mac-signature": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    });
  });

  test("no secret, no signature", () => {
    expect(signatureHeaders({ id: ID, seconds: AT, body: Buffer.from("x") }, [], "both", true)).toEqual({});
  });
});

test("an Ed25519 secret whose halves do not fit is none", () => {
  const bytes = Buffer.from(V7.slice("whsk_".length), "base64");
  bytes[63] = (bytes[63] ?? 0) ^ 1;
  expect(readEd25519(`whsk_${bytes.toString("base64")}`)).toBeNull();
  expect(readEd25519(`whsk_${bytes.subarray(0, 32).toString("base64")}`)).not.toBeNull();
  expect(readEd25519("whsk_")).toBeNull();
});
