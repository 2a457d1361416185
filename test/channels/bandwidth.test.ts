import { expect, test } from "vitest";
import { channel } from "../../src/channels/bandwidth.ts";
import { fixture } from "./bandwidth.ts";
import { doorRequest, parseContext } from "./harness.ts";

/** What the conformance suite cannot know; the rest stands in the table. */
const settings = { ...fixture.settings, callbackUser: "Aladdin", callbackPassword: "open sesame" };

function verdict(authorization: string | string[] | undefined, values: object = settings): string {
  const answer = channel.verify(doorRequest("inbound", "[]", { headers: { authorization } }), { ...values });
  return answer.genuine ? "genuine" : answer.reason;
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

test.each([
  ["as it should be", basic("Aladdin:open sesame"), "genuine"],
  ["scheme in another case", basic("Aladdin:open sesame").replace("Basic", "BASIC"), "genuine"],
  ["wrong user", basic("aladdin:open sesame"), "bad_credentials"],
  ["wrong password", basic("Aladdin:open sesam"), "bad_credentials"],
  ["more behind the password", basic("Aladdin:open sesame\n"), "bad_credentials"],
  ["colon elsewhere", basic("Aladdi:nopen sesame"), "bad_credentials"],
  ["the credentials of the API", basic("api-user:p4ss: of the API user"), "bad_credentials"],
  ["no padding", basic("Aladdin:open sesame").replace(/=+$/, ""), "bad_credentials"],
  ["not encoded", "Basic Aladdin:open sesame", "bad_credentials"],
  ["another scheme", basic("Aladdin:open sesame").replace("Basic", "Bearer"), "bad_credentials"],
  ["nothing", undefined, "missing_credentials"],
  ["twice", [basic("Aladdin:open sesame"), basic("Aladdin:open sesame")], "missing_credentials"],
])("%s", (_what, authorization, expected) => {
  expect(verdict(authorization)).toBe(expected);
});

test.each([
  ["callbackUser", ""],
  ["callbackPassword", ""],
  ["callbackPassword", " "],
])("an empty %s lets nobody in", (key, value) => {
  const values = { ...settings, [key]: value };
  expect(verdict(basic(`${values.callbackUser}:${values.callbackPassword}`), values)).toBe(
    "no_callback_user",
  );
});

test.each(["username", "callbackUser"])("%s may hold no colon", (path) => {
  expect(channel.check({ ...settings, [path]: "a:b" })).toEqual([{ path, message: expect.any(String) }]);
});

test("what makes an arrival the same", () => {
  const keys = fixture.requests.flatMap((recorded) => {
    const parsed = channel.parse(doorRequest("inbound", recorded.body), parseContext(fixture));
    return parsed.ok ? parsed.arrivals.map(({ dedupeKey }) => dedupeKey) : [];
  });
  expect(keys).toContain("message-received:14762070468292kw2fuqty55yp2b2");
  expect(keys).toContain("message-delivered:1593110555875xo7watq5px6rbe5d:+12345678901:");
  expect(keys).toContain("message-failed:1593110555875xo7watq5px6rbe5d:+12345678901:4775");
});
