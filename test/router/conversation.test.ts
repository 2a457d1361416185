import { describe, expect, test } from "vitest";
import type { ConfirmationRule } from "../../src/domain/settings.ts";
import { f1, f2, gatesTo, plus, trail } from "./acceptance-fixtures.ts";
import { talk } from "./talk.ts";

const pinOnClosing: ConfirmationRule = { kind: "gate", field: "status", value: "closed", mode: "pin" };
const withPin = { A: { pin: "0471" } };

describe("a live question", () => {
  test("is left alone by what is not understood, and ended by a new command", async () => {
    const { says } = await talk(f2);
    await says("A", "open broadway");
    expect((await says("A", "how do you do")).key).toBe("format");
    expect((await says("A", ", ...")).key).toBe("format");
    expect((await says("A", "open nothing like that")).key).toBe("nomatch");
    expect((await says("A", "status lifts")).key).toBe("status.kind");
    expect((await says("A", "main street")).key).toBe("status.item");
    expect((await says("A", "close main street")).key).toBe("void + done");
    expect((await says("A", "1")).key).toBe("nolist");
  });

  test("is answered by a command that says the same as a choice", async () => {
    const { says } = await talk(f2);
    await says("A", "open broadway");
    expect((await says("A", "open upper broadway")).key).toBe("done");
    expect((await says("A", "1")).key).toBe("nolist");
  });

  test.each(["uper", "upper", "Upper Broadway", "trail upper", "the upper one"])(
    "menu answer %j",
    async (text) => {
      const { says } = await talk(f2);
      await says("A", "open broadway");
      const heard = await says("A", text);
      expect(heard.key).toBe(text === "the upper one" ? "format" : "done");
    },
  );

  test("a name that fits several choices is no answer", async () => {
    const { says } = await talk(f2);
    await says("A", "open broadway");
    expect((await says("A", "broadway")).key).toBe("choose");
    expect((await says("A", "yes")).key).toBe("choose");
    expect((await says("A", "quit")).key).toBe("dropped");
  });

  test.each(["all", "both", "1 and 2", "1,2", "1 2", "1-2", "one & two", "all please"])(
    "one choice is picked at a time: %j",
    async (text) => {
      const { says } = await talk(f2);
      await says("A", "open broadway");
      const heard = await says("A", text);
      expect([heard.key, heard.outcome, heard.changes]).toEqual(["choose", "bad_answer", []]);
      expect((await says("A", "1")).key).toBe("done");
    },
  );

  test("a choice may be called All", async () => {
    const { says } = await talk(plus(f2, trail("Broadway All", "closed")));
    await says("A", "open broadway");
    expect((await says("A", "all")).changes).toMatchObject([{ item: "Broadway All" }]);
  });

  test("in two-step mode the unclear part is only named", async () => {
    const { says } = await talk(f1, { confirmation: "two_step" });
    const asked = await says("A", "open gate 1, tahoe, nowhere at all else");
    expect(asked.key).toBe("done.batch + confirm");
    expect(asked.text).toContain("Unclear: tahoe");
    expect((await says("A", "ok")).key).toBe("done");
  });

  test("a pick joins the undo of the text that asked, also when it was the same item", async () => {
    const { says, world } = await talk(f2);
    await says("A", "close gate 10, broadway");
    const picked = await says("A", "2");
    expect(picked.text).toContain("UNDO within 2 min to reverse all 2");
    expect((await says("A", "undo")).key).toBe("undone.batch");
    expect(await world.board()).toMatchObject({
      "Gate 10": { status: "open" },
      "Lower Broadway": { status: "open" },
    });
    expect((await says("A", "undo")).key).toBe("undo.none");
  });
});

describe("PIN", () => {
  const rules = { confirmationRules: [pinOnClosing] };

  test("in line, masked, zeros in front kept", async () => {
    const { says } = await talk(f1, rules, withPin);
    const heard = await says("A", "close gate 2 pin 0471");
    expect([heard.key, heard.logged]).toEqual(["done", "close gate 2 pin ****"]);
  });

  test("a wrong one in line asks on; the right one then forgets the count", async () => {
    const { says } = await talk(f1, rules, withPin);
    expect((await says("A", "close gate 2 pin 1111")).text).toContain("Tries left: 2");
    expect((await says("A", "pin 0471")).key).toBe("done");
    await says("A", "undo");
    await says("A", "close gate 2");
    expect((await says("A", "2222")).text).toContain("Tries left: 2");
  });

  test("OK is no PIN, and a late PIN is masked too", async () => {
    const { says, world } = await talk(f1, rules, withPin);
    await says("A", "close gate 2");
    expect((await says("A", "ok")).key).toBe("pin.ask");
    await world.advance(301);
    const late = await says("A", "0471");
    expect([late.key, late.logged]).toEqual(["expired", "****"]);
  });

  test("a lock ends by itself and holds for PIN commands only", async () => {
    const { says, world } = await talk(f1, { ...rules, pinTries: 2, pinLockMinutes: 5 }, withPin);
    await says("A", "close gate 2");
    await says("A", "1111");
    expect((await says("A", "2222")).key).toBe("pin.locked");
    expect((await says("A", "open gate 1")).key).toBe("done");
    expect((await says("A", "close gate 2 pin 0471")).key).toBe("pin.locked");
    await world.advance(301);
    expect((await says("A", "close gate 2 pin 0471")).key).toBe("done");
    expect(await world.alerts()).toEqual(["pin_locked"]);
  });

  test("nobody without a PIN gets past the rule, and ALL asks for both", async () => {
    const none = await talk(f1, rules);
    expect((await none.says("A", "close gate 2")).key).toBe("forbidden");
    const { says } = await talk(f1, rules, withPin);
    expect((await says("A", "close all gates")).key).toBe("confirm.all");
    expect((await says("A", "ok")).key).toBe("pin.ask");
    expect((await says("A", "0471")).key).toBe("done");
    await says("A", "undo");
    expect((await says("A", "close all gates pin 0471")).key).toBe("confirm.all");
    expect((await says("A", "ok")).key).toBe("done");
  });
});

describe("limits and silences", () => {
  test("five replies that lead nowhere, then silence until a change or an hour", async () => {
    const { says, world } = await talk(f1);
    for (const text of ["1", "no", "hello", "open xyz", "yes"])
      expect((await says("A", text)).key).not.toBeNull();
    const silent = await says("A", "2");
    expect([silent.key, silent.outcome]).toEqual([null, "ignored_loop"]);
    expect((await says("A", "status")).key).toBe("status.all");
    expect((await says("A", "3")).key).toBeNull();
    await says("A", "open gate 1");
    expect((await says("A", "3")).key).toBe("nolist");
    for (const text of ["1", "no", "hello", "open xyz", "yes"]) await says("A", text);
    await world.advance(3600);
    expect((await says("A", "3")).key).toBe("nolist");
  });

  test("texts per ten minutes: one reply, silence, then all is well", async () => {
    const { says, world } = await talk(f1, { textsPerTenMinutes: 5 });
    for (let i = 0; i < 5; i++)
      expect((await says("A", i % 2 ? "open gate 1" : "close gate 1")).key).not.toBe("rate");
    await world.advance(60);
    const limited = await says("A", "open gate 1");
    expect([limited.key, limited.text]).toEqual(["rate", "Too many texts. Please wait 9 min."]);
    expect((await says("A", "open gate 1")).key).toBeNull();
    expect((await says("A", "stop")).key).toBe("stop.ok");
    await says("A", "start");
    await world.advance(540);
    expect((await says("A", "open gate 1")).key).toBe("done");
  });

  test("HELP is answered over the limit too, every ten minutes and five times a day", async () => {
    const { says, world } = await talk(f1, { textsPerTenMinutes: 1 });
    await says("A", "status");
    const helped = await says("A", "Help!");
    expect([helped.key, helped.outcome]).toEqual(["help.compliance", "consent_help"]);
    expect(await says("A", "help")).toMatchObject({ key: null, outcome: "consent_help" });
    expect((await says("A", "status")).key).toBe("rate");
    for (let i = 0; i < 5; i++) {
      await world.advance(600);
      expect((await says("A", "help")).key).toBe("help");
      expect((await says("A", "help")).key).toBe(i < 4 ? "help.compliance" : null);
    }
  });

  test("the same text again and again is a loop", async () => {
    const { says } = await talk(f1, { strangerReply: false });
    for (let i = 0; i < 3; i++) expect((await says("U", "hello")).outcome).toBe("unknown_sender");
    expect((await says("U", "hello")).outcome).toBe("ignored_loop");
    for (let i = 0; i < 20; i++) expect((await says("A", "status")).key).toBe("status.all");
    expect((await says("A", "status")).outcome).toBe("ignored_loop");
  });

  test("our own text coming back is not answered", async () => {
    const { says } = await talk(f1);
    const told = await says("U", "hello");
    expect(told.key).toBe("unknown");
    expect((await says("U", told.text)).outcome).toBe("ignored_loop");
  });
});

describe("people who have opted out", () => {
  test("run: the change is made, nothing is sent, nothing is asked", async () => {
    const { says, world } = await talk(f1);
    await says("A", "stop");
    const done = await says("A", "open gate 1");
    expect([done.outcome, done.withheld]).toEqual(["changed", true]);
    expect((await says("A", "open gate")).outcome).toBe("opted_out");
    expect((await says("A", "1")).outcome).toBe("nothing_waiting");
    expect((await says("A", "status")).withheld).toBe(true);
    expect(await world.alerts()).toEqual(["opted_out_command", "opted_out_command"]);
  });

  test("hold: nothing is changed", async () => {
    const { says, world } = await talk(f1, { optedOutCommands: "hold" });
    await says("A", "stop");
    const held = await says("A", "open gate 1");
    expect([held.key, held.outcome, held.changes]).toEqual([null, "opted_out", []]);
    expect(await world.alerts()).toEqual(["opted_out_command"]);
    expect((await says("A", "unstop")).key).toBe("start.ok");
    expect((await says("A", "open gate 1")).key).toBe("done");
  });

  test("one confirmation of an opt-out in 24 hours, help at most every ten minutes", async () => {
    const { says, world } = await talk(f1);
    expect((await says("U", "stop")).key).toBe("stop.ok");
    expect((await says("U", "please stop")).key).toBeNull();
    expect((await says("U", "help")).key).toBe("help.compliance");
    expect((await says("U", "help")).key).toBeNull();
    await world.advance(86_400);
    expect((await says("U", "stop")).key).toBe("stop.ok");
    expect((await says("U", "yes")).key).toBe("start.ok");
    expect(await world.optedOut("U")).toBe(false);
  });

  test("a wording of its own is honoured and reviewed", async () => {
    const { says, world } = await talk(f1);
    expect((await says("B", "please stop texting me")).key).toBe("stop.ok");
    expect((await says("U", "wrong number")).key).toBe("unknown");
    expect(await world.alerts()).toEqual(["consent_review", "consent_review"]);
    expect(await world.optedOut("B")).toBe(true);
  });
});

describe("undo and pages", () => {
  test("a batch that was changed in part by others", async () => {
    const { says } = await talk(plus(f1, trail("Bowl", "closed")));
    await says("A", "open gate 1, bowl");
    await says("B", "close bowl");
    const heard = await says("A", "undo");
    expect(heard.key).toBe("undone.batch + undo.conflict");
    expect(heard.text).toBe("Undone: Gate 1 closed. Not undone: Ben set Bowl to closed at 12:00.");
    expect((await says("A", "undo")).key).toBe("undo.none");
  });

  test("no UNDO is offered that would be refused", async () => {
    const { says, world } = await talk(f1);
    await says("A", "open gate 1");
    await says("B", "close gate 1");
    expect((await says("A", "open tahoe king")).text).toBe("Lift Tahoe King is already open.");
    expect((await says("A", "open tahoe king, gate 2")).text).toBe("Already open: Tahoe King, Gate 2.");
    await says("A", "open tahoe");
    expect((await says("A", "undo")).text).toBe("Cancelled: Open which one? Nothing was changed.");
    await says("A", "open gate 5");
    await world.changePerson("A", { permissions: ["lift"] });
    expect((await says("A", "open tahoe king")).text).not.toContain("UNDO");
  });

  test("UNDO of what others have changed in part names the rest", async () => {
    const { says } = await talk(f1);
    await says("A", "open gate 1, gate 5, broadway, tahoe queen");
    expect((await says("A", "open tahoe king")).text).toContain("UNDO still reverses all 4 for 2 min.");
    await says("B", "close gate 5");
    expect((await says("A", "open tahoe king")).text).toContain("UNDO still reverses 3 of 4 for 2 min.");
    await says("B", "close broadway");
    const two = "reverses Gate 1 and Tahoe Queen for 2 min.";
    expect((await says("A", "open tahoe king")).text).toContain(two);
    await says("B", "close gate 1");
    await says("A", "open gate");
    expect((await says("A", "undo")).text).toContain("Text UNDO again to reverse Tahoe Queen.");
  });

  test("a pick offers to reverse only what is still to be reversed of its text", async () => {
    const { says } = await talk(f2);
    await says("A", "close gate 10, broadway");
    await says("B", "open gate 10");
    const picked = await says("A", "2");
    expect(picked.text).toBe(
      "Trail Lower Broadway is now closed. Reply UNDO within 2 min to set Lower Broadway back to open.",
    );
    expect((await says("A", "undo")).key).toBe("undone.batch + undo.conflict");
  });

  test("an undo is refused for what one may no longer change", async () => {
    const { says, world } = await talk(f1);
    await says("A", "open gate 1");
    await world.changePerson("A", { permissions: ["lift"] });
    expect((await says("A", "undo")).key).toBe("forbidden");
    await world.changePerson("A", { active: false });
    expect((await says("A", "undo")).key).toBe("unknown");
  });

  test("MORE goes on where the page ended, and a menu's lines go with its question", async () => {
    const { says } = await talk(gatesTo(f1, 60), { linesPerPage: 4 });
    const first = await says("A", "status gates");
    expect(first.text).toMatch(/MORE for \d+ more\.$/);
    const second = await says("A", "more");
    expect(second.text).toMatch(/^Gates closed: Gate \d+, /);
    expect((await says("A", "more")).key).toBe("more.none");
    const menu = await talk(gatesTo(f1, 12), { linesPerPage: 4 });
    await menu.says("A", "open gate");
    expect((await menu.says("A", "more")).text).toContain("8 Gate 8\nMORE for 4 more.");
    await menu.says("A", "no");
    expect((await menu.says("A", "more")).key).toBe("more.none");
  });
});

describe("a PIN never stands in the log", () => {
  const rules = { confirmationRules: [pinOnClosing] };

  test.each(["A", "A2"] as const)("from phone %s", async (phone) => {
    const { says } = await talk(f1, rules, withPin);
    await says("A", "close gate 2");
    expect((await says(phone, "0471")).logged).toBe("****");
  });

  test("also when its text came over the limit", async () => {
    const { says } = await talk(f1, { ...rules, textsPerTenMinutes: 1 }, withPin);
    await says("A", "close gate 2");
    expect(await says("A", "0471")).toMatchObject({ key: "rate", logged: "****" });
  });
});

test("a lone keyword keeps its meaning although an item has that name", async () => {
  const { says } = await talk(plus(f1, trail("Status", "closed")), { confirmation: "two_step" });
  await says("A", "open gate 1");
  expect((await says("A", "status")).key).toBe("status.all");
  expect((await says("A", "ok")).key).toBe("done");
});

test.each([
  "Sent from my iPhone",
  "Sent via the Samsung Galaxy S21, an AT&T 5G smartphone",
  "Envoyé de mon iPhone",
])("what a phone puts under a command is no part of it: %s", async (signature) => {
  const { says } = await talk(f1);
  expect((await says("A", `close gate 5\n\n${signature}`)).text).not.toContain("Not found");
  expect((await says("A", "close gate 5\nopen gate 4")).key).toContain("done");
});
