import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { MessageMedia } from "../../src/domain/media.ts";
import { receivedFiles } from "../../src/domain/media.ts";
import { claimMedia, insertMedia, mediaById, putOffMedia, settleMedia } from "../../src/store/media.ts";
import { purgeOld } from "../../src/store/retention.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
beforeEach(async () => {
  await database.run("t-clear", "delete from media");
  await database.run("t-clear-2", "delete from messages");
  await database.run("t-clear-3", "delete from tenants");
});
afterAll(() => database.close());

let messages = 0;

/** A text of so many days ago with files. */
async function textWith(count: number, daysOld = 0): Promise<{ messageId: string; media: MessageMedia[] }> {
  messages += 1;
  const messageId = `msg_${messages}`;
  const url = "https://media.example.com/x";
  const files = receivedFiles(Array(count).fill({ url, contentType: "image/jpeg", bytes: 3 }), "https://hub");
  const createdAt = new Date(Date.now() - daysOld * 86_400_000).toISOString();
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, media, segments,
       encoding, status, created_at)
     values ('ten_1', $1, 'chn_1', 'in', '+1', '2', '+1', 'x', $2, 1, 'GSM-7', 'received', $3)`,
    [messageId, JSON.stringify(files.map(({ media }) => media)), createdAt],
  );
  const rows = files.map((file, position) => {
    return { tenantId: "ten_1", messageId, channelId: "chn_1", position, createdAt, ...file };
  });
  await database.transact((tx) => insertMedia(tx, rows));
  return { messageId, media: files.map(({ media }) => media) };
}

async function tenant(retention: object): Promise<void> {
  await database.run(
    "t-tenant",
    "insert into tenants (id, slug, name, settings) values ('ten_1', 'o', 'O', $1)",
    [JSON.stringify({ retention })],
  );
}

async function mediaOf(messageId: string): Promise<MessageMedia[] | null> {
  const rows = await database.run<{ media: MessageMedia[] }>(
    "t-of",
    "select media from messages where id = $1",
    [messageId],
  );
  return rows[0]?.media ?? null;
}

const idsOf = (files: { id: string }[]) => files.map(({ id }) => id);

test("of several claims at the same time one gets the files of a message, in their order", async () => {
  const texts = await Promise.all([textWith(3), textWith(2), textWith(1)]);
  const claims = await Promise.all([1, 2, 3].map(() => claimMedia(database, 2, 60_000)));
  const taken = claims.flat();
  expect(new Set(idsOf(taken)).size).toBe(taken.length);
  for (const claim of claims) {
    for (const [messageId, files] of Map.groupBy(claim, (file) => file.messageId)) {
      const text = texts.find((one) => one.messageId === messageId);
      expect(idsOf(files)).toEqual(text?.media.map(({ id }) => id));
    }
  }
  const rest = await claimMedia(database, 10, 60_000);
  expect([...taken, ...rest]).toHaveLength(6);
  expect(await claimMedia(database, 10, 60_000)).toEqual([]);
});

test("what a process took and lost is taken by another when the time is up; given back, at once", async () => {
  await textWith(2);
  const [first, second] = await claimMedia(database, 1, 200);
  await putOffMedia(database, "ten_1", [second?.id ?? ""], 60_000);
  await expect.poll(() => claimMedia(database, 1, 60_000).then(idsOf)).toEqual([first?.id]);
  await putOffMedia(database, "ten_1", [second?.id ?? ""], 0);
  expect(await claimMedia(database, 1, 60_000)).toMatchObject([{ id: second?.id, attempts: 1 }]);
});

test("a file that was settled is not settled again", async () => {
  const { messageId } = await textWith(1);
  const [file] = await claimMedia(database, 1, 60_000);
  if (!file) throw new Error("nothing was claimed");
  const content = Buffer.from("%PDF-1.7");
  const fetched = { state: "fetched" as const, contentType: "application/pdf", fileName: "x.pdf", content };
  await database.transact((tx) => settleMedia(tx, file, fetched));
  await database.transact((tx) => settleMedia(tx, file, { state: "failed", reason: "late" }));
  expect(await mediaById(database, "ten_1", file.id)).toEqual({
    state: "fetched",
    reason: null,
    contentType: "application/pdf",
    fileName: "x.pdf",
    content,
  });
  expect(await mediaById(database, "ten_2", file.id)).toBeNull();
  expect(await mediaOf(messageId)).toMatchObject([
    { id: file.id, state: "fetched", contentType: "application/pdf", bytes: content.length },
  ]);
  const kept = await database.run("t-source", "select source_url from media");
  expect(kept).toEqual([{ source_url: null }]);
});

test("files go when their time is up, and the message says so", async () => {
  await tenant({});
  const [old, young] = [await textWith(2, 91), await textWith(1, 89)];
  await purgeOld(database, () => false);
  expect(await mediaOf(old.messageId)).toMatchObject([{ state: "removed" }, { state: "removed" }]);
  expect(await mediaOf(young.messageId)).toMatchObject([{ state: "waiting" }]);
  expect(await database.run("t-left", "select message_id from media")).toEqual([
    { message_id: young.messageId },
  ]);
});

test.each([
  ["the setting", { mediaDays: 5 }],
  ["redaction", { redactAfterDays: 5 }],
  ["the end of the messages", { messageDays: 5 }],
])("files go with %s", async (_what, retention) => {
  await tenant(retention);
  await textWith(250, 6);
  await purgeOld(database, () => false);
  expect(await database.run("t-any", "select 1 from media")).toEqual([]);
});

test("what a provider says of a file does no harm", () => {
  const files = receivedFiles(
    [
      { url: "https://example.com/a\0b", contentType: "image/\0jpeg", bytes: 1e300 },
      { url: "https://example.com/b", contentType: 'Image/JPEG; name="x"', bytes: -1 },
      { url: "nowhere", contentType: null, bytes: 1.5 },
    ],
    "https://hub",
  );
  expect(files.map(({ media }) => [media.contentType, media.bytes, media.state])).toEqual([
    [null, null, "waiting"],
    ["image/jpeg", null, "waiting"],
    [null, null, "refused"],
  ]);
  expect(files.map(({ sourceUrl }) => sourceUrl)).toEqual([
    "https://example.com/a%00b",
    "https://example.com/b",
    null,
  ]);
});
