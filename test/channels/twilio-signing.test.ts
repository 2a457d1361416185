import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/twilio.ts";
import { oneByteOff, otherUrls, withOneChange } from "../conformance/bodies.ts";
import type { SignedParts } from "../conformance/fixture.ts";
import { doorRequest } from "./harness.ts";
import { fixture } from "./twilio.ts";
import { libraryBelieves, signByLibrary, withBodyHash } from "./twilio-signing.ts";

/** What Twilio's own library signs we believe, and with a byte changed neither does. */
const { settings } = fixture;
const URL = "https://hub.example.com/in/token/inbound";
const TEXT = "MessageSid=SM01&From=%2B14155550101&To=%2B14155550000&Body=open+gate+5+%F0%9F%91%8B&NumMedia=0";
const JSON_BODY = '{"MessageSid":"SM01","Body":"open gate 5 \u{1f44b}"}';

const table: [what: string, url: string, body: string][] = [
  ["a form", URL, TEXT],
  ["an empty value", URL, "MessageSid=SM01&Body=&From=%2B14155550101"],
  ["repeated parameters", URL, `${TEXT}&Tag=b&Tag=a&Tag=b&tag=a`],
  ["a query", `${URL}?foo=1&bar=it%27s+here&foo=0`, TEXT],
  ["a port", "https://hub.example.com:8443/in/token/inbound?k=1", TEXT],
  ["nothing in its body", `${URL}?k=1`, ""],
  ["JSON", withBodyHash(URL, JSON_BODY), JSON_BODY],
  [
    "JSON with a query and a port",
    withBodyHash(`${URL.replace(".com", ".com:8443")}?k=1`, JSON_BODY),
    JSON_BODY,
  ],
];

function isGenuine({ url, body }: SignedParts, signature: string): boolean {
  const type = body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
  const headers = { "content-type": type, "x-twilio-signature": signature };
  return channel.verify(doorRequest("inbound", body, { url, headers }), settings).genuine;
}

function signed(parts: SignedParts, token = settings.authToken): string {
  return signByLibrary(parts, { ...settings, authToken: token })["X-Twilio-Signature"] ?? "";
}

describe.each(table)("%s", (_what, url, body) => {
  const parts: SignedParts = { method: "POST", url, body };
  const signature = signed(parts);

  test("is genuine as the library signs it", () => {
    expect(libraryBelieves(parts, signature, settings)).toBe(true);
    expect(isGenuine(parts, signature)).toBe(true);
  });

  test("is not with a changed byte, for neither", () => {
    const others = [
      ...oneByteOff(body).map((other) => ({ ...parts, body: other })),
      ...otherUrls(url).map((other) => ({ ...parts, url: other })),
    ];
    for (const other of others) {
      const what = `${other.url} ${other.body}`;
      expect(libraryBelieves(other, signature, settings), what).toBe(false);
      expect(isGenuine(other, signature), what).toBe(false);
    }
    for (const share of [0, 0.5, 0.9]) expect(isGenuine(parts, withOneChange(signature, share))).toBe(false);
  });

  test("is not by another token", () => {
    expect(isGenuine(parts, signed(parts, "another token altogether"))).toBe(false);
  });
});

test.each([
  ["https://hub.example.com:443/in/t", "https://hub.example.com/in/t"],
  ["https://hub.example.com/in/t?k=1", "https://hub.example.com:443/in/t?k=1"],
  ["https://hub.example.com/in/t", "https://hub.example.com:8443/in/t"],
])("signed for %s, it is believed at %s, as the library does", (theirs, ours) => {
  const signature = signed({ method: "POST", url: theirs, body: TEXT });
  const here: SignedParts = { method: "POST", url: ours, body: TEXT };
  expect(libraryBelieves(here, signature, settings)).toBe(true);
  expect(isGenuine(here, signature)).toBe(true);
});
