import { afterAll, beforeEach, expect, test } from "vitest";
import type { ChannelProvider, ChannelSettings } from "../../src/channels/types.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import type { Fetched } from "../../src/workers/media/fetch-file.ts";
import { fetchFile } from "../../src/workers/media/fetch-file.ts";
import { channel as dummy } from "../conformance/dummy/provider.ts";
import type { FakeFiles } from "../fakes/files.ts";
import { startFakeFiles } from "../fakes/files.ts";

/** Whom a fetch asks, and what it shows him. */

const SECRET = { authorization: "Basic c2VjcmV0" };
const http = createOutboundHttp({ allowPrivateTargets: ["127.0.0.0/8", "::1/128"], development: false });
let here: FakeFiles;
let there: FakeFiles;

beforeEach(async () => {
  here = await startFakeFiles();
  there = await startFakeFiles();
  return async () => {
    await here.close();
    await there.close();
  };
});
afterAll(() => http.close(0));

function fetchWith(
  url: string,
  provider: Partial<ChannelProvider>,
  settings: ChannelSettings = {},
): Promise<Fetched> {
  const channel = { provider: { ...dummy, ...provider }, settings };
  const signal = new AbortController().signal;
  return fetchFile(url, channel, { download: http.download, maxBytes: 1_000, signal });
}

const mediaAuth = { hosts: ["127.0.0.1", "localhost"], headers: () => SECRET };

test("credentials stay behind at a redirect to another host, even one that may see them by itself", async () => {
  const other = there.serve("/file", { body: "hello" }).replace("127.0.0.1", "localhost");
  const first = here.serve("/first", { status: 302, headers: { location: "/second" } });
  here.serve("/second", { status: 302, headers: { location: other } });
  const settings = { apiUrl: here.url };
  const got = await fetchWith(first, { mediaHosts: ["localhost"], mediaAuth }, settings);
  expect(got).toMatchObject({ kind: "got" });
  expect(here.calls.map(({ authorization }) => authorization)).toEqual([
    SECRET.authorization,
    SECRET.authorization,
  ]);
  expect(there.calls.map(({ authorization }) => authorization)).toEqual([null]);
});

test("a channel may name more hosts, which see no credentials", async () => {
  const url = there.serve("/file", { body: "hello" });
  const settings = { apiUrl: here.url, mediaHosts: "media.example.com, 127.0.0.1" };
  expect(await fetchWith(url, { mediaAuth: { ...mediaAuth, hosts: [] } }, settings)).toMatchObject({
    kind: "got",
  });
  expect(there.calls).toMatchObject([{ authorization: null }]);
});

test("credentials never travel in the clear to a host of the list", async () => {
  const url = here.serve("/file", { body: "hello" });
  await fetchWith(url, { mediaHosts: ["127.0.0.1"], mediaAuth });
  expect(here.calls).toMatchObject([{ authorization: null }]);
});

test.each([
  ["another port of the provider's address", (url: string) => url, { apiUrl: "http://127.0.0.1:1" }, []],
  ["a name that only ends alike", () => "https://eviltwilio.com/x", {}, ["*.twilio.com"]],
  [
    "the list's name as a sub-domain of another",
    () => "https://api.twilio.com.evil.com/x",
    {},
    ["*.twilio.com"],
  ],
  ["the list's name as a user", () => "https://api.twilio.com@evil.com/x", {}, ["api.twilio.com"]],
  ["the bare domain", () => "https://twilio.com/x", {}, ["*.twilio.com"]],
  ["another folder of a shared host", () => "https://s3.example.com/other/x", {}, ["s3.example.com/ours"]],
  ["a folder that begins alike", () => "https://s3.example.com/ours2/x", {}, ["s3.example.com/ours"]],
  ["a way out of the folder", () => "https://s3.example.com/ours/%2e%2e/x", {}, ["s3.example.com/ours"]],
  ["a file", () => "file:///etc/passwd", {}, ["*"]],
  ["a service that is no web server", () => "http://127.0.0.1:25/x", {}, ["*"]],
])("refused: %s", async (_what, urlOf, settings, mediaHosts) => {
  const url = urlOf(here.serve("/file", { body: "hello" }));
  expect(await fetchWith(url, { mediaHosts, mediaAuth }, settings)).toMatchObject({ kind: "refused" });
  expect(here.calls).toEqual([]);
});

test("a private address is refused where the socket opens, also behind a redirect", async () => {
  const strict = createOutboundHttp({ allowPrivateTargets: [`127.0.0.1/32`], development: false });
  const url = here.serve("/file", { status: 301, headers: { location: "http://127.0.0.2/x" } });
  const signal = new AbortController().signal;
  const channel = { provider: { ...dummy, mediaHosts: ["*"] }, settings: {} };
  const got = await fetchFile(url, channel, { download: strict.download, maxBytes: 1_000, signal });
  expect(got).toMatchObject({ kind: "refused", reason: "Its address may not be called." });
  await strict.close(0);
});

test("a fetch is given up when the program stops", async () => {
  const stop = new AbortController();
  const url = here.serve("/file", "silence");
  const channel = { provider: { ...dummy, mediaHosts: ["*"] }, settings: {} };
  const fetching = fetchFile(url, channel, { download: http.download, maxBytes: 1_000, signal: stop.signal });
  stop.abort();
  expect(await fetching).toEqual({ kind: "stopped" });
});
