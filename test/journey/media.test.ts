import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channel as twilio } from "../../src/channels/twilio.ts";
import { hashKey } from "../../src/tools/secrets.ts";
import { fixture } from "../channels/twilio.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, openChannel, post } from "../conformance/program-bench.ts";
import type { FakeFiles, FileAnswer } from "../fakes/files.ts";
import { startFakeFiles } from "../fakes/files.ts";
import { hugePicture, phonePhoto } from "../support/pictures.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";

/** Pictures and other files that people text: fetched from the provider, looked at, kept, and shown to key holders. */

type Row = ApiAnswer["body"];

const MIB = 1_048_576;

let program: Program;
let live: LiveChannel;
let files: FakeFiles;
let photo: Buffer;

beforeAll(async () => {
  files = await startFakeFiles();
  photo = await phonePhoto();
  program = await startProgram();
  live = await openChannel(program, { provider: twilio, fixture });
  const { authToken } = fixture.settings;
  const settings = { apiUrl: files.url, authToken };
  const changed = await program.api("PATCH", `/v1/channels/${live.id}`, { settings });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
});
afterAll(async () => {
  await program.stop();
  await live.server.close();
  await files.close();
});

let sids = 0;

/** Texts these files to the channel; answers the sender, once Twilio had its answer. */
async function textWith(urls: string[], types: string[] = []): Promise<string> {
  const from = freshPhone();
  sids += 1;
  const form = new URLSearchParams({
    MessageSid: `MM${String(sids).padStart(32, "0")}`,
    AccountSid: "AC1",
    From: from,
    To: fixture.address,
    Body: "look at this",
    NumMedia: String(urls.length),
  });
  for (const [index, url] of urls.entries()) {
    form.set(`MediaUrl${index}`, url);
    form.set(`MediaContentType${index}`, types[index] ?? "image/jpeg");
  }
  const contentType = "application/x-www-form-urlencoded";
  const answer = await post(program, live, { door: "inbound", contentType, body: form.toString() });
  expect(answer.status).toBe(200);
  return from;
}

async function messageOf(from: string): Promise<Row> {
  return until(`the text of ${from}`, async () => {
    const { body } = await program.api("GET", `/v1/messages?from=${encodeURIComponent(from)}`);
    return body.data[0];
  });
}

/** The files of a text, when none of them waits any more. */
async function settled(from: string): Promise<Row[]> {
  let media: Row[] = [];
  return until(`the files of ${from}: ${JSON.stringify(media)}`, async () => {
    media = (await messageOf(from)).media;
    return media.every(({ state }) => state !== "waiting") && media;
  });
}

async function get(url: string, key: string | null = program.apiKey): Promise<Response> {
  const path = new URL(url).pathname;
  return fetch(program.url + path, { headers: key === null ? {} : { authorization: `Bearer ${key}` } });
}

/** Tries now what is due later. */
async function tryNow(): Promise<void> {
  await program.app.database.run("test-media-now", "update media set due_at = now() where state = 'waiting'");
}

let paths = 0;

function serve(answer: FileAnswer): string {
  paths += 1;
  return files.serve(`/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME${paths}`, answer);
}

describe("a picture", () => {
  test("is fetched, loses its place and the way it lay, and is shown to key holders only", async () => {
    const stored = files.serve("/store/abc?signature=hidden", { body: photo });
    const source = serve({ status: 307, headers: { location: stored } });
    const from = await textWith([source]);
    const [file, ...more] = await settled(from);
    expect(more).toEqual([]);
    expect(file).toMatchObject({ state: "fetched", contentType: "image/jpeg", reason: null });
    const base = program.app.publicUrl;
    expect(file.url).toBe(`${base}/v1/media/${file.id}`);

    const answer = await get(file.url);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "content-disposition": expect.stringMatching(/^inline; filename="ME\d+\.jpg"$/),
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": expect.stringContaining("private"),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    expect(content.length).toBe(file.bytes);
    const before = await sharp(photo).metadata();
    const after = await sharp(content).metadata();
    expect(before.exif?.includes("Phone")).toBe(true);
    expect(after).toMatchObject({ format: "jpeg", width: before.height, height: before.width });
    expect([after.exif, after.xmp, after.iptc, after.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);

    expect((await get(file.url, null)).status).toBe(401);
    expect((await get(file.url, `sk_live_${"x".repeat(40)}`)).status).toBe(401);
    expect((await get(`${base}/v1/media/med_nosuch`)).status).toBe(404);

    const events = await program.api("GET", "/v1/events?type=message.received&limit=100");
    const told = events.body.data.find((event: Row) => event.data.message.from === from);
    expect(told.data.message.media).toMatchObject([{ url: file.url, state: "waiting", bytes: null }]);
    const shown = JSON.stringify([await messageOf(from), told]) + program.logLines.join("");
    expect(shown).not.toContain("signature=hidden");
    expect(shown).not.toContain(files.url);
  });

  test("is opened with the account's credentials", async () => {
    const source = serve({ body: photo });
    await settled(await textWith([source]));
    const { accountSid, authToken } = fixture.settings;
    const basic = Buffer.from(`${accountSid}:${authToken}`).toString("base64");
    const call = files.calls.find(({ path }) => source.endsWith(path));
    expect(call?.authorization).toBe(`Basic ${basic}`);
  });

  test("of another account is not there", async () => {
    const [file] = await settled(await textWith([serve({ body: photo })]));
    const other = `sk_live_${"O".repeat(40)}`;
    await program.app.database.run(
      "test-tenant",
      "insert into tenants (id, slug, name) values ('ten_o', 'o', 'O')",
    );
    await program.app.database.run(
      "test-key",
      "insert into api_keys (id, tenant_id, name, hash, hint, role) values ('key_o', 'ten_o', 'k', $1, '', 'owner')",
      [hashKey(other)],
    );
    expect((await get(file.url, other)).status).toBe(404);
    const viewer = await program.api("POST", "/v1/keys", { name: "board", role: "viewer" });
    expect((await get(file.url, viewer.body.key)).status).toBe(403);
  });
});

test("other files are kept as they are, and only offered to be saved", async () => {
  const kinds: [type: string, content: Buffer, name: RegExp][] = [
    ["application/pdf", Buffer.from("%PDF-1.7\n..."), /\.pdf"$/],
    ["text/vcard", Buffer.from("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n"), /\.vcf"$/],
    ["text/plain", Buffer.from("Grüße von oben"), /\.txt"$/],
    ["audio/amr", Buffer.from("#!AMR\n\x3c\x91"), /\.amr"$/],
    ["video/3gpp", Buffer.from("\0\0\0\x18ftyp3gp5\0\0\0\0"), /\.3gp"$/],
    ["video/mp4", Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0"), /\.mp4"$/],
  ];
  const urls = kinds.map(([, body]) =>
    serve({ body, headers: { "content-type": "application/octet-stream" } }),
  );
  const media = await settled(
    await textWith(
      urls,
      kinds.map(([type]) => type),
    ),
  );
  for (const [index, [type, content, name]] of kinds.entries()) {
    expect(media[index]).toMatchObject({ state: "fetched", contentType: type, bytes: content.length });
    const answer = await get(media[index].url);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; /);
    expect(answer.headers.get("content-disposition")).toMatch(name);
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  }
});

describe("refused", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const elsewhere = "http://127.0.0.1:1/x.jpg";
  const table: [what: string, url: () => Promise<string>, reason: RegExp][] = [
    ["SVG", async () => serve({ body: svg, headers: { "content-type": "image/svg+xml" } }), /kind of file/],
    [
      "a page called picture",
      async () => serve({ body: "<!doctype html><p>hi", headers: JPEG }),
      /kind of file/,
    ],
    [
      "a script called text",
      async () => serve({ body: "#!/bin/sh\nrm -rf ~", headers: PLAIN }),
      /kind of file/,
    ],
    ["6 MiB", async () => serve({ body: Buffer.alloc(6 * MIB, 0xff), headers: JPEG }), /larger than 5 MiB/],
    ["a stream without end", async () => serve("endless"), /larger than 5 MiB/],
    [
      "a picture that is none",
      async () => serve({ body: photo.subarray(0, 40), headers: JPEG }),
      /cannot be read/,
    ],
    ["48 megapixels", async () => serve({ body: await hugePicture() }), /more than 40 megapixels/],
    ["a foreign host", async () => "https://evil.example.com/x.jpg", /evil\.example\.com is no host/],
    ["a private address", async () => "http://10.0.0.1/x.jpg", /10\.0\.0\.1 is no host/],
    ["our own machine", async () => elsewhere, /127\.0\.0\.1 is no host/],
    [
      "a redirect to a private address",
      async () => serve({ status: 302, headers: { location: "http://169.254.169.254/latest/meta-data" } }),
      /169\.254\.169\.254 is no host/,
    ],
    ["a redirect in a ring", async () => ring(), /more than 3 times/],
  ];

  test.each(table)("%s", async (_what, url, reason) => {
    const before = fetches();
    const [file] = await settled(await textWith([await url()]));
    expect(file).toMatchObject({ state: "refused", reason: expect.stringMatching(reason) });
    expect(fetches() - before).toBeLessThanOrEqual(4);
    const answer = await get(file.url);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: "not_found", message: expect.stringMatching(reason) });
  });

  test("what is too many, or too much together", async () => {
    const part = Buffer.concat([Buffer.from("%PDF-1.7"), Buffer.alloc(4 * MIB)]);
    const small = Buffer.from("%PDF-1.7");
    const urls = [part, part, part, ...Array(8).fill(small)].map((body) => serve({ body }));
    const media = await settled(await textWith(urls));
    expect(media.map(({ state }) => state).join(" ")).toBe(
      "fetched fetched refused fetched fetched fetched fetched fetched fetched fetched refused",
    );
    expect(media[2].reason).toContain("together larger than 10 MiB");
    expect(media[10].reason).toContain("More than 10 files");
  });
});

/** Texts that go out by the same address are none. */
function fetches(): number {
  return files.calls.filter(({ method }) => method === "GET").length;
}

const JPEG = { "content-type": "image/jpeg" };
const PLAIN = { "content-type": "text/plain" };

function ring(): string {
  const path = "/2010-04-01/ring";
  return files.serve(path, { status: 302, headers: { location: path } });
}

test("what is not there yet is asked for again, for a day", async () => {
  const late = serve({ status: 404 });
  const never = serve({ status: 500 });
  const from = await textWith([late, never]);
  const waiting = await until("a first try", async () => {
    const { media } = await messageOf(from);
    const answer = (await (await get(media[0].url)).json()) as Row;
    return answer.message.includes("HTTP 404") && { media, answer };
  });
  expect(waiting.media[0].state).toBe("waiting");
  expect(waiting.answer).toMatchObject({
    error: "not_found",
    message: expect.stringContaining("still being fetched"),
  });
  files.serve(new URL(late).pathname, { body: photo });
  await tryNow();
  await until("the late one", async () => (await messageOf(from)).media[0].state === "fetched");
  program.clock.advance(25 * 3_600);
  await tryNow();
  const [, failed] = await settled(from);
  expect(failed).toMatchObject({ state: "failed", reason: "The provider answers HTTP 500." });
});

test("a stop in the middle is no loss: the next start goes on at once", async () => {
  const source = serve("silence");
  const from = await textWith([source]);
  await until("the call", async () => files.calls.some(({ path }) => source.endsWith(path)));
  const { databaseUrl, clock } = program;
  await program.stop();
  files.serve(new URL(source).pathname, { body: photo });
  program = await startProgram({}, { databaseUrl, clock });
  expect(await settled(from)).toMatchObject([{ state: "fetched" }]);
});

test("a phone of the simulator may send what is public, and nothing from inside", async () => {
  const send = (url: string) =>
    program.api("POST", "/v1/simulator/messages", { from: freshPhone(), text: "x", media: [{ url }] });
  const from = freshPhone();
  await program.api("POST", "/v1/simulator/messages", {
    from,
    text: "look",
    media: [{ url: serve({ body: photo }) }, { url: "http://10.0.0.1/x.jpg" }],
  });
  expect((await send("nowhere")).status).toBe(400);
  expect(await settled(from)).toMatchObject([
    { state: "fetched" },
    { state: "refused", reason: "Its address may not be called." },
  ]);
});

test("a key is asked for before anything is looked up", async () => {
  const answer = await callApi(program.url, null, "GET", "/v1/media/med_x");
  expect(answer.status).toBe(401);
});
