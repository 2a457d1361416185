import { afterAll, beforeAll, expect, test } from "vitest";
import { channel as sinch } from "../../src/channels/sinch.ts";
import { channel as twilio } from "../../src/channels/twilio.ts";
import { fixture as sinchFixture } from "../channels/sinch.ts";
import { fixture as twilioFixture } from "../channels/twilio.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, message, openChannel } from "../conformance/program-bench.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** Texts that go out with files. */

let program: Program;
let able: LiveChannel;
let unable: LiveChannel;

beforeAll(async () => {
  program = await startProgram();
  able = await openChannel(program, { provider: twilio, fixture: twilioFixture });
  unable = await openChannel(program, { provider: sinch, fixture: sinchFixture });
});
afterAll(async () => {
  await program.stop();
  await able.server.close();
  await unable.server.close();
});

const PICTURES = ["https://example.com/lift.jpg", "https://example.com/run.png?size=large"];

function send(channelId: string, mediaUrls: unknown, to = freshPhone()) {
  return program.api("POST", "/v1/messages", { to, text: "Look at this.", channelId, mediaUrls });
}

test("the files are handed to the provider, and kept with the message and its events", async () => {
  const { status, body } = await send(able.id, PICTURES);
  expect(status, JSON.stringify(body)).toBe(202);
  const sent = await until("the text to leave", async () => {
    const one = await message(program, body.id);
    return one.status === "handed_over" && one;
  });
  const form = new URLSearchParams(able.server.calls.at(-1)?.body);
  expect(form.getAll("MediaUrl")).toEqual(PICTURES);
  const linked = { id: null, contentType: null, bytes: null, state: "linked", reason: null };
  const media = PICTURES.map((url) => ({ ...linked, url }));
  expect(sent.media).toEqual(media);
  const events = await program.api("GET", "/v1/events?type=message.queued,message.sent&limit=100");
  const own = events.body.data.filter((event: { data: { message: { id: string } } }) => {
    return event.data.message.id === body.id;
  });
  expect(own.map((event: { data: { message: object } }) => event.data.message)).toMatchObject([
    { media },
    { media },
  ]);
});

test("none is the same as leaving them out", async () => {
  const { status, body } = await send(unable.id, []);
  expect(status).toBe(202);
  expect((await message(program, body.id)).media).toEqual([]);
});

test("a channel that sends no files says so, and which do", async () => {
  const { status, body } = await send(unable.id, PICTURES);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: "validation_error", issues: [{ path: "mediaUrls" }] });
  expect(body.message).toMatch(/Sinch.* sends no files.*Bandwidth.*Plivo.*Telnyx.*Twilio.*Vonage/);
});

test.each([
  ["http", ["http://example.com/a.jpg"], "mediaUrls.0"],
  ["no address", ["lift.jpg"], "mediaUrls.0"],
  ["a password", [PICTURES[0], "https://user:secret@example.com/a.jpg"], "mediaUrls.1"],
  ["no list", "https://example.com/a.jpg", "mediaUrls"],
  ["eleven", Array(11).fill(PICTURES[0]), "mediaUrls"],
])("refused: %s", async (_what, mediaUrls, path) => {
  const { status, body } = await send(able.id, mediaUrls);
  expect(status).toBe(400);
  expect(body.issues[0].path).toBe(path);
});
