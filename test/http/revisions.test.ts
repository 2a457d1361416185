import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import type { Visitor } from "../support/visitor.ts";
import { join, setUpOwner } from "../support/visitor.ts";

/** Two people change the same thing: the second one is told, if they say what they had seen. */

let program: Program;
let owner: Visitor;
let admin: Visitor;

beforeAll(async () => {
  program = await startProgram();
  owner = await setUpOwner(program);
  admin = await join(program, owner, "admin");
});
afterAll(() => program.stop());

const RULE = {
  name: "Balance",
  match: { type: "contains", pattern: "balance" },
  actions: [
    { type: "reply", text: "None." },
    { type: "webhook", url: "https://example.com/hook?key=1" },
  ],
};
const KIND = {
  key: "court",
  label: "Court",
  fields: [{ key: "status", default: null, values: [{ key: "open", verbs: ["open"] }] }],
};

interface Noun {
  /** Answers where one is, after it was made. */
  make: () => Promise<string>;
  method?: string;
  /** A body that changes something, each time another. */
  body: (n: number) => object;
  /** Where a kind is saved differs from where it is read. */
  save?: string;
  read?: (path: string) => Promise<ApiAnswer>;
  removes: boolean;
}

const made = async (path: string, body: object) =>
  `${path}/${(await owner.call("POST", path, body)).body.id}`;

const NOUNS: Record<string, Noun> = {
  rule: {
    make: () => made("/v1/rules", RULE),
    body: (n) => ({ name: `Balance ${n}` }),
    removes: true,
  },
  "webhook endpoint": {
    make: () => made("/v1/endpoints", { url: "https://example.com/hook" }),
    body: (n) => ({ concurrency: n + 1 }),
    removes: true,
  },
  integration: {
    make: () => made("/v1/ingress", { name: "Orders" }),
    method: "PUT",
    body: (n) => ({ name: `Orders ${n}` }),
    removes: true,
  },
  "item of the board": {
    make: () => made("/v1/board/items", { kind: "lift", name: "Alp Express" }),
    body: (n) => ({ number: n }),
    removes: true,
  },
  "kind of the board": {
    make: async () => (await owner.call("POST", "/v1/board/kinds", KIND)).body.key,
    method: "POST",
    save: "/v1/board/kinds",
    body: (n) => ({ ...KIND, label: `Court ${n}` }),
    read: async (key) => {
      const answer = await owner.call("GET", "/v1/board/kinds?limit=100");
      return { ...answer, body: answer.body.data.find((kind: { key: string }) => kind.key === key) };
    },
    removes: false,
  },
  reporter: {
    make: () => made("/v1/reporters", { name: "Rita", phones: ["+14155550177"] }),
    body: (n) => ({ name: `Rita ${n}` }),
    removes: true,
  },
  channel: {
    make: () => made("/v1/channels", { provider: "simulator", name: "Second", address: "+14155550188" }),
    body: (n) => ({ name: `Second ${n}` }),
    removes: true,
  },
  settings: {
    make: async () => "/v1/settings",
    body: (n) => ({ board: { contact: `Desk ${n}` }, commands: { wording: { "help.stranger": null } } }),
    removes: false,
  },
};

describe.each(Object.entries(NOUNS))("a %s", (_name, noun) => {
  test("is changed by who has seen its last state, and by who does not ask", async () => {
    const path = await noun.make();
    const read = () => (noun.read ? noun.read(path) : owner.call("GET", path));
    const save = (by: Visitor, n: number, revision?: unknown) =>
      by.call(noun.method ?? "PATCH", noun.save ?? path, noun.body(n), {
        ...(revision !== undefined && { "if-match": revision === "*" ? "*" : `"${revision}"` }),
      });

    const first = await read();
    const { revision } = first.body;
    if (!noun.read) expect(first.headers.get("etag")).toBe(`"${revision}"`);
    expect((await read()).body.revision).toBe(revision);

    const saved = await save(admin, 1, revision);
    expect(saved.status).toBeLessThan(300);
    expect(saved.headers.get("etag")).toBe(`"${saved.body.revision}"`);
    expect(saved.body.revision).not.toBe(revision);
    expect((await read()).body.revision).toBe(saved.body.revision);

    const stale = await save(owner, 2, revision);
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({
      error: "precondition_failed",
      message: expect.stringContaining("The admin changed this meanwhile"),
      changed: { by: "The admin", at: expect.stringMatching(/^20\d\d-/) },
    });
    expect((await read()).body.revision).toBe(saved.body.revision);

    // Programs that say nothing are as they were; an answer of before may be sent back whole.
    expect((await save(owner, 3)).status).toBeLessThan(300);
    expect((await save(owner, 4, "*")).status).toBeLessThan(300);
    const now = (await read()).body.revision;
    expect((await save(owner, 5, now)).status).toBeLessThan(300);
    if (!noun.removes) return;
    const remove = (tag: string) => owner.call("DELETE", path, undefined, { "if-match": tag });
    expect((await remove(`"${now}"`)).status).toBe(412);
    const last = (await read()).body.revision;
    expect((await remove(`W/"${last}"`)).status).toBe(204);
  });
});

test("of many who save the same state at once, one does", async () => {
  const path = await made("/v1/rules", RULE);
  const { revision } = (await owner.call("GET", path)).body;
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      owner.call("PATCH", path, { name: `Try ${n}` }, { "if-match": `"${revision}"` }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
});

test("what is answered may be sent back with what differs: the revision in it is read over", async () => {
  for (const path of [await made("/v1/rules", RULE), "/v1/settings"]) {
    const { body } = await owner.call("GET", path);
    expect((await owner.call("PATCH", path, body)).status).toBe(200);
  }
});

test("a viewer's revision of a rule tells nothing of what viewers do not see", async () => {
  const viewer = await join(program, owner, "viewer");
  const path = await made("/v1/rules", { ...RULE, from: "+14155550123" });
  const [seen, whole] = [await viewer.call("GET", path), await owner.call("GET", path)];
  expect(seen.body.revision).not.toBe(whole.body.revision);
});
