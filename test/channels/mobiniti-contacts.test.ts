import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { FakeFault } from "../fakes/mobiniti.ts";
import { PHONE, type Setup, setUp, text } from "./mobiniti-account.ts";

describe("by contact", () => {
  const by = { sendBy: "contact" };
  const key = `contact:${PHONE}`;

  test("a new number: looked up, made, sent, kept", async () => {
    const { fake, context } = await setUp(by);
    expect((await channel.send(text, context)).kind).toBe("accepted");
    const id = fake.contacts.get(PHONE);
    expect(fake.calls.map((call) => [call.route, call.path, call.body])).toEqual([
      ["GET /contacts", "/v1/contacts?phone_number=%2B14155550101", {}],
      ["POST /contacts", "/v1/contacts", { phone_number: PHONE }],
      ["POST /messages", "/v1/messages", { contact_id: id, message: "Bluebird is open." }],
    ]);
    expect(context.kept.get(key)).toBe(id);

    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes.slice(3)).toEqual(["POST /messages"]);
  });

  test.each<[what: string, setup: Setup, calls: number]>([
    ["by the filter", {}, 1],
    ["among others", { ignoreFilter: true }, 1],
    ["on a later page", { ignoreFilter: true, perPage: 1 }, 3],
  ])("a known number is found %s", async (_what, setup, calls) => {
    const contacts = { "+14155550102": "c2", "+14155550103": "c3", [PHONE]: "c1" };
    const { fake, context } = await setUp({ ...by, ...setup, contacts });
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes).toEqual([...new Array(calls).fill("GET /contacts"), "POST /messages"]);
    expect(context.kept.get(key)).toBe("c1");
    expect(fake.contacts.size).toBe(3);
  });

  test("numbers in the list are compared in any spelling", async () => {
    const { fake, context } = await setUp({ ...by, contacts: { [PHONE]: "c1" } });
    const list = {
      data: [
        { id: "other", phone_number: null },
        { id: "c1", phone_number: 4155550101 },
      ],
    };
    fake.fail("GET /contacts", { status: 200, body: list }, 1);
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.kept.get(key)).toBe("c1");
  });

  test.each<[what: string, fault: FakeFault, kind: Outcome["kind"]]>([
    ["401", { status: 401 }, "broken-credential"],
    ["402", { status: 402 }, "refused"],
    ["403", { status: 403 }, "refused"],
    ["404", { status: 404 }, "refused"],
    ["429", { status: 429 }, "throttled"],
    ["500", { status: 500 }, "unreachable"],
    ["503", { status: 503 }, "unreachable"],
    ["no JSON", { status: 200, body: "<html>" }, "unreachable"],
    ["no list", { status: 200, body: { data: { id: "c9" } } }, "unreachable"],
    ["a cut connection", { drop: "taken" }, "unreachable"],
    ["silence", { hang: "taken" }, "unreachable"],
  ])("a look-up answered with %s makes no contact", async (_what, fault, kind) => {
    const { fake, context } = await setUp({ ...by, timeoutMs: 100 });
    fake.fail("GET /contacts", fault, 1);
    expect((await channel.send(text, context)).kind).toBe(kind);
    expect(context.routes).toEqual(["GET /contacts"]);
  });

  test.each<[what: string, fault: FakeFault, outcome: object]>([
    ["no id", { status: 200, body: "{}" }, { kind: "refused", text: "Contact created but no ID returned" }],
    ["no JSON", { status: 200, body: "ok" }, { kind: "refused", text: "Contact created but no ID returned" }],
    [
      "422",
      { status: 422, body: { message: "Number is a landline" } },
      {
        kind: "refused",
        text: expect.stringMatching(/^Number is a landline.*messages\.create.*\+14155551234.*credits/),
      },
    ],
    [
      "400 without JSON",
      { status: 400 },
      { kind: "refused", text: expect.stringMatching(/^Failed to create contact/) },
    ],
    ["402", { status: 402 }, { kind: "refused", reason: "no_funds" }],
    ["401", { status: 401 }, { kind: "broken-credential" }],
    ["429", { status: 429 }, { kind: "throttled" }],
    [
      "500",
      { status: 500 },
      { kind: "unreachable", text: expect.stringMatching(/^Failed to create contact/) },
    ],
    ["a cut connection", { drop: "taken" }, { kind: "unreachable" }],
  ])("making a contact answered with %s", async (_what, fault, outcome) => {
    const { fake, context } = await setUp(by);
    fake.fail("POST /contacts", fault, 1);
    expect(await channel.send(text, context)).toMatchObject(outcome);
    expect(context.routes).toEqual(["GET /contacts", "POST /contacts"]);
    expect(context.kept.size).toBe(0);
  });

  test("a contact made by a call that broke off is found by the next try", async () => {
    const { fake, context } = await setUp(by);
    fake.fail("POST /contacts", { drop: "taken" }, 1);
    await channel.send(text, context);
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes.slice(2)).toEqual(["GET /contacts", "POST /messages"]);
    expect(fake.contacts.size).toBe(1);
  });

  test.each([404, 422])("a kept id refused with %i is looked up anew and tried once more", async (status) => {
    const { fake, context } = await setUp({ ...by, contacts: { [PHONE]: "c1" }, kept: { [key]: "old" } });
    fake.fail("POST /messages", { status }, 1);
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes).toEqual(["POST /messages", "GET /contacts", "POST /messages"]);
    expect(context.kept).toEqual(new Map([[key, "c1"]]));
    expect(fake.sendCount).toBe(1);
  });

  test("refused twice is refused", async () => {
    const { fake, context } = await setUp({ ...by, contacts: { [PHONE]: "c1" }, kept: { [key]: "c1" } });
    fake.fail("POST /messages", { status: 422, body: { message: "Too long" } }, 2);
    expect(await channel.send(text, context)).toMatchObject({ kind: "refused", code: "422" });
    expect(context.routes).toEqual(["POST /messages", "GET /contacts", "POST /messages"]);
  });

  test.each([400, 403, 429, 500])("a kept id stays when the send is answered with %i", async (status) => {
    const { fake, context } = await setUp({ ...by, kept: { [key]: "c1" } });
    fake.fail("POST /messages", { status }, 1);
    await channel.send(text, context);
    expect(context.routes).toEqual(["POST /messages"]);
    expect(context.kept.get(key)).toBe("c1");
  });

  test("an id from an inbound text is used", async () => {
    const { fake, context } = await setUp({ ...by, contacts: { [PHONE]: "c1" }, kept: { [key]: "in:c1" } });
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(fake.calls).toMatchObject([{ route: "POST /messages", body: { contact_id: "c1" } }]);
    expect(context.kept).toEqual(new Map([[key, "in:c1"]]));
  });

  test("once such an id was wrong, the channel keeps no more of them", async () => {
    const { context } = await setUp({ ...by, contacts: { [PHONE]: "c1" }, kept: { [key]: "in:message-id" } });
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.kept).toEqual(
      new Map([
        ["inbound-contact-ids", "refused"],
        [key, "c1"],
      ]),
    );
  });

  test("an id that was right, refused for another reason, proves nothing against the others", async () => {
    const { fake, context } = await setUp({ ...by, contacts: { [PHONE]: "c1" }, kept: { [key]: "in:c1" } });
    fake.fail("POST /messages", { status: 422 }, 2);
    await channel.send(text, context);
    expect(context.kept.has("inbound-contact-ids")).toBe(false);
  });
});
