import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeConsent } from "../../src/store/consent.ts";
import { consentEvents, suppressionsOf } from "../../src/store/consent-view.ts";
import {
  blockRoute,
  isOutlived,
  liftBlock,
  liftedSince,
  tellBlockToday,
} from "../../src/store/provider-blocks.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());

let people = 0;
const freshPerson = () => {
  people += 1;
  return `+1415557${String(people).padStart(4, "0")}`;
};

const tenantId = "ten_1";
const DAY = 86_400_000;
const noon = new Date("2026-03-02T12:00:00Z");
const after = (ms: number) => new Date(noon.getTime() + ms);

function change(phone: string, action: "revoke" | "restore", address = "*", channelId = "chn_1") {
  const how = { method: "text_word", word: "x", text: "x", messageId: "msg_1", channelId } as const;
  return database.transact((tx) => writeConsent(tx, { tenantId, phone, address, action, ...how, at: noon }));
}

const route = (phone: string, channelId = "chn_1") => ({ tenantId, phone, channelId });

const block = (phone: string, at = noon) =>
  database.transact((tx) =>
    blockRoute(tx, { ...route(phone), address: "64600", code: "21610", messageId: "msg_1", at }),
  );
const lift = (phone: string, at = noon, channelId = "chn_1") =>
  database.transact((tx) =>
    liftBlock(tx, {
      ...route(phone, channelId),
      ...{ address: "64600", word: "start", text: "START", messageId: "msg_2", at },
    }),
  );
const outlived = (phone: string) => database.transact((tx) => isOutlived(tx, route(phone), "64600"));

test("the state can be computed from the evidence", async () => {
  const step = fc.record({
    action: fc.constantFrom("revoke" as const, "restore" as const),
    scope: fc.constantFrom("*", "64600", "64601", "topic:snow"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const phone = freshPerson();
      for (const { action, scope } of steps) await change(phone, action, scope);
      const computed = new Set<string>();
      for (const event of (await consentEvents(database, { tenantId, phone }, null, 100)).toReversed()) {
        if (event.action === "revoke") computed.add(event.scope);
        if (event.action === "restore") computed.delete(event.scope);
      }
      const kept = (await suppressionsOf(database, tenantId, phone)).map(({ scope }) => scope);
      expect(kept.sort()).toEqual([...computed].sort());
    }),
    { numRuns: 25 },
  );
});

test("a restoration takes away exactly what it names", async () => {
  const phone = freshPerson();
  for (const scope of ["*", "64600", "topic:snow"]) await change(phone, "revoke", scope);
  expect((await change(phone, "restore", "64600")).changed).toBe(true);
  expect((await change(phone, "restore", "64600")).changed).toBe(false);
  const left = (await suppressionsOf(database, tenantId, phone)).map(({ scope }) => scope);
  expect(left.sort()).toEqual(["*", "topic:snow"]);
});

test("a block is told once a day, and again once it was lifted and came back", async () => {
  const phone = freshPerson();
  expect(await block(phone)).toEqual({ tell: true });
  expect(await block(phone, after(60_000))).toEqual({ tell: false });
  expect(await tellBlockToday(database, route(phone), after(DAY - 1))).toBe(false);
  expect(await tellBlockToday(database, route(phone), after(DAY + 1))).toBe(true);
  expect(await block(phone, after(DAY + 2))).toEqual({ tell: false });
  const [row] = await database.q
    .selectFrom("provider_blocks")
    .selectAll()
    .where("phone", "=", phone)
    .execute();
  expect(row).toMatchObject({ since: noon, last_seen_at: after(DAY + 2), lifted_at: null });
  await lift(phone, after(2 * DAY));
  await block(phone, after(3 * DAY));
  const [again] = await database.q
    .selectFrom("provider_blocks")
    .selectAll()
    .where("phone", "=", phone)
    .execute();
  expect(again).toMatchObject({ since: after(3 * DAY), lifted_at: null });
  const story = await consentEvents(database, { tenantId, phone }, null, 10);
  expect(story.toReversed().map(({ action }) => action)).toEqual(["block", "lift", "block"]);
});

test("a lift makes earlier refusals of that route old news, not those of others", async () => {
  const phone = freshPerson();
  await lift(phone, noon);
  const since = (at: Date, channelId?: string) =>
    database.transact((tx) => liftedSince(tx, route(phone, channelId), at));
  expect(await since(after(-1))).toBe(true);
  expect(await since(after(1))).toBe(false);
  expect(await since(after(-1), "chn_2")).toBe(false);
});

/** What happened before a refusal on chn_1, and whether the person's return explains it away (C14). */
const stories: [string, ((phone: string) => Promise<unknown>)[], boolean][] = [
  ["nothing is known", [], false],
  ["opted out, never back", [(phone) => change(phone, "revoke")], false],
  ["back without ever having left", [(phone) => change(phone, "restore")], false],
  [
    "left and back by other ways",
    [(phone) => change(phone, "revoke"), (phone) => change(phone, "restore")],
    true,
  ],
  [
    "left and back through this very route",
    [(phone) => change(phone, "revoke"), (phone) => change(phone, "restore"), (phone) => lift(phone)],
    false,
  ],
  ["blocked, and back by another way", [(phone) => block(phone), (phone) => change(phone, "restore")], true],
  [
    "left a topic only",
    [(phone) => change(phone, "revoke", "topic:snow"), (phone) => change(phone, "restore")],
    false,
  ],
  [
    "left another number only",
    [(phone) => change(phone, "revoke", "64601"), (phone) => change(phone, "restore")],
    false,
  ],
  [
    "opened the route, left again, back by another way",
    [(phone) => lift(phone), (phone) => change(phone, "revoke"), (phone) => change(phone, "restore")],
    true,
  ],
];

test.each(stories)("a refusal: %s", async (_, steps, expected) => {
  const phone = freshPerson();
  for (const step of steps) await step(phone);
  expect(await outlived(phone)).toBe(expected);
});
