import { describe, expect, test } from "vitest";
import type { Reporter } from "../../src/domain/board.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { asked, ruleOf, sender, setOf } from "./rule-world.ts";

const ALL_THREE = [
  { type: "reply", text: "Your balance is 7." },
  { type: "email", to: "team@example.com", subject: "Balance", body: "{{text}}" },
  { type: "webhook", url: "https://crm.example.com/sms", endpointId: "ep_1" },
];
const balance = ruleOf(1, { match: { type: "contains", pattern: "balance" }, actions: ALL_THREE });
const everything = ruleOf(9, { priority: 99, actions: [{ type: "reply", text: "We are open 9-6." }] });

const reporter: Reporter = {
  id: "rep_1",
  name: "Ana",
  phones: ["+14155550101"],
  permissions: ["*"],
  confirmation: null,
  undoWindowSeconds: null,
  pinHash: null,
  active: true,
  tags: [],
};

function settings(over: { enabled?: boolean; defaultReply?: string | null }) {
  const all = defaultSettings("Acme");
  return { ...all, rules: { ...all.rules, ...over } };
}

describe("a rule that takes a text", () => {
  test("does all that it says, and the text carries its id", () => {
    const decision = sender(setOf([balance, everything])).says("My balance?");
    expect(asked(decision)).toEqual(["Your balance is 7.", "mail team@example.com: Balance", "webhook ep_1"]);
    expect(decision).toMatchObject({
      matchedRuleId: "rule_000001",
      class: "other",
      log: { outcome: "rule" },
    });
  });

  test("within its pause replies and mails rest, webhooks do not", () => {
    const who = sender(setOf([balance]));
    who.says("balance");
    const again = who.says("balance please", 30);
    expect(asked(again)).toEqual([
      "Your balance is 7. (cooldown)",
      "mail team@example.com: Balance (cooldown)",
      "webhook ep_1",
    ]);
    expect(again.matchedRuleId).toBe("rule_000001");
    expect(again.log.trace).toContain("reply withheld: cooldown");
    expect(asked(who.says("balance, I said", 31))).toContain("Your balance is 7.");
  });

  test("the pause is each rule's own, and 0 is none", () => {
    const quick = ruleOf(2, { match: { type: "contains", pattern: "snow" }, cooldownSeconds: 0 });
    const who = sender(setOf([balance, quick]));
    who.says("balance");
    expect(asked(who.says("snow?"))).toEqual(["Reply 2"]);
    expect(asked(who.says("snow!!"))).toEqual(["Reply 2"]);
  });

  test("one action that fails does not stop the others", () => {
    const slow = "{% for i in (1..99999999) %}x{% endfor %}";
    const actions = [{ type: "reply", text: slow }, ...ALL_THREE.slice(1)];
    const decision = sender(setOf([ruleOf(1, { actions })])).says("hi");
    expect(asked(decision)).toEqual(["mail team@example.com: Balance", "webhook ep_1"]);
    expect(decision.log.trace.join()).toContain("reply failed");
  });

  test("a reply that grows too long is cut to what can leave", () => {
    const rule = ruleOf(1, { actions: [{ type: "reply", text: "{{text}}{{text}}" }] });
    const [reply = ""] = asked(sender(setOf([rule])).says("x".repeat(1_000)));
    expect(reply).toHaveLength(8 * 153);
    expect(reply.endsWith("...")).toBe(true);
  });

  test("the reference of our last text is told", () => {
    const rules = setOf([ruleOf(1, { actions: [{ type: "reply", text: "About {{ref}}" }] })]);
    expect(rules.asksForRef).toBe(true);
    expect(asked(sender(rules, { ref: "order-4821" }).says("hi"))).toEqual(["About order-4821"]);
    expect(setOf([balance]).asksForRef).toBe(false);
  });
});

describe("what comes before rules", () => {
  test.each(["STOP", "start", "HELP"])("%s", (text) => {
    const decision = sender(setOf([everything])).says(text);
    expect(decision.matchedRuleId).toBe(null);
    expect(asked(decision)).not.toContain("We are open 9-6.");
  });

  test("a command of a reporter; what is none passes on to the rules", () => {
    const who = sender(setOf([everything]), { reporter });
    expect(who.says("status").matchedRuleId).toBe(null);
    expect(asked(who.says("when are you open?"))).toEqual(["We are open 9-6."]);
  });

  test("thanks alone are taken by a rule, not by the default reply", () => {
    expect(asked(sender(setOf([everything])).says("Thank you!"))).toEqual(["We are open 9-6."]);
    const rules = setOf([], "Sorry?");
    expect(asked(sender(rules).says("Thank you!"))).toEqual([]);
  });
});

describe("what guards hold back", () => {
  const held = (why: string) => [
    `Your balance is 7. (${why})`,
    `mail team@example.com: Balance (${why})`,
    "webhook ep_1",
  ];

  test("somebody who opted out gets no reply; people and programs hear of the text", () => {
    expect(asked(sender(setOf([balance]), { optedOut: true }).says("balance"))).toEqual([
      "Your balance is 7. (opted_out)",
      "mail team@example.com: Balance",
      "webhook ep_1",
    ]);
  });

  test.each([
    ["our own number", "own_number", "balance", { fromOwnAddress: true }],
    ["a reaction", "reaction", 'Liked "your balance"', {}],
    ["a short code", "not_answerable", "balance", { from: "64600" }],
    ["a name", "not_answerable", "balance", { from: "ACME" }],
    ["a number that costs extra", "not_answerable", "balance", { from: "+19005550101" }],
  ])("%s", (_who, why, text, over) => {
    const decision = sender(setOf([balance]), over).says(text);
    expect(asked(decision)).toEqual(held(why));
    expect(decision.matchedRuleId).toBe("rule_000001");
  });

  test("a rule may answer short codes; of names it can only tell others", () => {
    const open = setOf([{ ...balance, shortCodes: true }]);
    expect(asked(sender(open, { from: "64600" }).says("balance"))[0]).toBe("Your balance is 7.");
    expect(asked(sender(open, { from: "ACME" }).says("balance"))).toEqual([
      "Your balance is 7. (not_answerable)",
      "mail team@example.com: Balance",
      "webhook ep_1",
    ]);
  });

  test("the same text again and again is left alone, but its webhook fires", () => {
    const who = sender(setOf([balance]));
    const all = Array.from({ length: 5 }, () => who.says("balance now", 120));
    expect(asked(all[4] ?? who.says(""))).toEqual(held("loop_guard"));
    expect(all[4]?.log.outcome).toBe("ignored_loop");
  });

  test("two machines end by themselves", () => {
    const chatty = setOf([
      ruleOf(1, { cooldownSeconds: 0, actions: [{ type: "reply", text: "I am away, {{text}}" }] }),
    ]);
    const who = sender(chatty);
    let replies = 0;
    for (let i = 0; i < 200; i++) {
      if (asked(who.says(`automatic reply number ${i}`, 1)).some((one) => !one.includes("("))) replies += 1;
    }
    expect(replies).toBeLessThanOrEqual(10);
  });

  test("one sender causes so many mails and no more", () => {
    const mail = { type: "email", to: "team@example.com", subject: "S", body: "B" };
    const who = sender(setOf([ruleOf(1, { cooldownSeconds: 0, actions: [mail] })]), { reporter });
    const sent = Array.from({ length: 15 }, (_, i) => asked(who.says(`what about number ${i} then`, 20))[0]);
    expect(sent.filter((one) => one === "mail team@example.com: S")).toHaveLength(10);
    expect(sent.at(-1)).toBe("mail team@example.com: S (loop_guard)");
  });
});

describe("the master switch and the default reply", () => {
  test("switched off, no rule is asked and nothing is said", () => {
    const decision = sender(setOf([balance], "Sorry?"), { settings: settings({ enabled: false }) }).says(
      "balance",
    );
    expect(asked(decision)).not.toContain("Sorry?");
    expect(decision.matchedRuleId).toBe(null);
  });

  test("is given where no rule fits, once in a quarter of an hour", () => {
    const who = sender(setOf([balance], "Sorry {{from}}, what?"));
    expect(asked(who.says("hello"))).toEqual(["Sorry 14155550101, what?"]);
    expect(asked(who.says("anybody?", 600))).toEqual(["Sorry 14155550101, what? (cooldown)"]);
    expect(asked(who.says("balance"))).toContain("Your balance is 7.");
    expect(asked(who.says("well then", 400))).toEqual(["Sorry 14155550101, what?"]);
  });

  test("is not given after STOP, START, HELP, a command, or to those who opted out", () => {
    const rules = setOf([], "Sorry?");
    for (const text of ["STOP", "START", "HELP"])
      expect(asked(sender(rules).says(text))).not.toContain("Sorry?");
    expect(asked(sender(rules, { reporter }).says("status"))).not.toContain("Sorry?");
    expect(asked(sender(rules, { optedOut: true }).says("hello"))).toEqual(["Sorry? (opted_out)"]);
  });

  test("a reporter is never left without a word while it rests", () => {
    const who = sender(setOf([], "Sorry?"), { reporter });
    expect(asked(who.says("gibberish and more"))).toEqual(["Sorry?"]);
    const [again = ""] = asked(who.says("more gibberish of mine"));
    expect(again).toContain("Not understood");
  });
});
