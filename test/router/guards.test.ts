import { describe, expect, test } from "vitest";
import type { TenantSettings } from "../../src/domain/settings.ts";
import { heedMarks } from "../../src/router/guard-memory.ts";
import type { GuardTalk } from "./guard-talk.ts";
import { guardTalk } from "./guard-talk.ts";

const reply = () => "Thank you. We read this in the morning.";

/** A rule whose reply differs each time, for what is not about equal replies. */
function numbered(): () => string {
  let count = 0;
  return () => `Answer number ${count++}`;
}

describe("L1: replies that lead nowhere", () => {
  const misses = ["open xyz", "hello", "no", "7", "blah blah"];

  test.each([1, 5, 20])("after %i in a row there is silence and one note", (most) => {
    const talk = guardTalk({
      known: true,
      change: (settings) => {
        settings.commands.fruitlessReplies = most;
      },
    });
    for (let i = 0; i < most; i++) {
      talk.after(4);
      expect(talk.says(`open nothing called ${"abcdefghijklmnopqrstu"[i]}x`).replies).toHaveLength(1);
    }
    const silent = talk.says("open elsewhere");
    expect(silent).toMatchObject({ outcome: "ignored_loop", replies: [], alerts: ["loop_guard"] });
    expect(silent.trips).toMatchObject([{ rule: "L1", counter: most, limit: most, withheld: "reply" }]);
    const next = talk.says("open elsewhere too");
    expect(next).toMatchObject({ replies: [], alerts: [] });
    expect(next.trips).toMatchObject([{ id: silent.trips[0]?.id, isNew: false }]);
  });

  test.each([
    ["a command that did something", (talk: GuardTalk) => talk.says("open gate 1")],
    ["an hour", (talk: GuardTalk) => talk.after(3_600)],
    [
      "a message of ours that was no reply",
      (talk: GuardTalk) =>
        talk.restore(heedMarks(talk.state(), { releasedAt: null, spokenAt: Date.UTC(2026, 0, 15, 13) })),
    ],
    [
      "a release",
      (talk: GuardTalk) => talk.restore(heedMarks(talk.state(), { releasedAt: 1, spokenAt: null })),
    ],
  ])("%s ends the silence", (_, end) => {
    const talk = guardTalk({ known: true });
    for (const text of misses) talk.says(text);
    expect(talk.says("open elsewhere").replies).toEqual([]);
    end(talk);
    expect(talk.says("open elsewhere").replies).toHaveLength(1);
  });
});

describe("L2: replies to one sender", () => {
  test.each([
    ["10 in 10 minutes", 10, 1, 600],
    ["30 in an hour", 30, 61, 3_600],
    ["100 in a day", 100, 250, 86_400],
  ])("of rules: %s", (_, most, everySeconds, window) => {
    const talk = guardTalk({ reply: numbered() });
    const ask = (n: number) => talk.says(`question number ${n} please tell`);
    for (let i = 0; i < most; i++) {
      expect(ask(i).replies, `reply ${i}`).toHaveLength(1);
      talk.after(everySeconds);
    }
    const held = ask(most);
    expect(held).toMatchObject({ replies: [], withheld: ["loop_guard"] });
    expect(held.trips).toMatchObject([{ rule: "L2", counter: most, limit: most }]);
    talk.after(window - most * everySeconds);
    expect(ask(most + 1).replies).toHaveLength(1);
  });

  test.each([
    ["120 in an hour, by 60 texts in ten minutes", 60, 29, 120],
    ["500 in a day, by 60 texts in ten minutes", 60, 31, 500],
    ["as the limit of texts is raised", 600, 1, 1_200],
  ])("to commands: %s", (_, textsPerTenMinutes, everySeconds, most) => {
    const talk = guardTalk({
      known: true,
      change: (settings) => {
        settings.commands.textsPerTenMinutes = textsPerTenMinutes;
      },
    });
    const texts = Array.from({ length: 80 }, (_, i) => `${i % 2 ? "open" : "close"} gate ${1 + (i >> 1)}`);
    let replies = 0;
    for (let i = 0; i < most + 1; i++) {
      const heard = talk.says(texts[i % texts.length] as string);
      replies += heard.replies.length;
      if (i === most) expect(heard.trips).toMatchObject([{ rule: "L2", limit: most }]);
      talk.after(everySeconds);
    }
    expect(replies).toBe(most);
  });

  test("a command whose reply is held back is done all the same, and asks nothing", () => {
    const talk = guardTalk({ known: true });
    const long = (n: number) => ({ base: Date.UTC(2026, 0, 15, 12) / 1_000, at: Array(n).fill(0) });
    talk.restore({ replied: { commands: long(120) } });
    expect(talk.says("open gate 1")).toMatchObject({ outcome: "changed", withheld: ["loop_guard"] });
    expect(talk.says("open gate")).toMatchObject({ outcome: "asked_menu", withheld: ["loop_guard"] });
    expect(talk.state().prompt).toBeUndefined();
  });
});

describe("L3: the same text in", () => {
  test.each([
    ["a stranger's text", false, "is the road open", 3, "unknown_sender"],
    ["a text of a known sender that is no command", true, "the weather is fine", 3, "not_understood"],
    ["a valid command of a known sender", true, "status", 20, "status"],
  ])("%s is processed %#", (_, known, text, most, outcome) => {
    const talk = guardTalk({ known });
    for (let i = 0; i < most; i++) {
      // Something else in between does not make it another text.
      if (i % 2) talk.says(known ? `status gate ${i}` : `something else ${i}`);
      talk.after(60);
      expect(talk.says(text).outcome, `text ${i}`).toBe(outcome);
    }
    const stopped = talk.says(`  ${text.toUpperCase()}! `);
    expect(stopped).toMatchObject({ outcome: "ignored_loop", replies: [] });
    expect(stopped.trips).toMatchObject([{ rule: "L3", counter: most + 1, limit: most, withheld: "text" }]);
    talk.after(3_600);
    expect(talk.says(text).outcome).toBe(outcome);
  });

  test.each(["7", "U", "ok", "more"])("%j is an answer, and never too many", (text) => {
    const talk = guardTalk({ known: true });
    for (let i = 0; i < 30; i++) {
      talk.after(120);
      expect(talk.says(text).outcome).not.toBe("ignored_loop");
      if (i % 4 === 3) talk.says(i % 8 === 3 ? "open gate 1" : "close gate 1");
    }
  });

  test.each(["stop", "start", "help"])("%s still works", (word) => {
    const talk = guardTalk();
    for (let i = 0; i < 9; i++) talk.says("is the road open");
    expect(talk.says(word).outcome).toBe(`consent_${word}`);
  });
});

describe("L4: the same text out", () => {
  test.each([
    ["3 within 5 minutes", 3, 1, 300],
    ["6 within an hour", 6, 120, 3_600],
  ])("of rules: %s", (_, most, everySeconds, window) => {
    const talk = guardTalk({ reply });
    for (let i = 0; i < most; i++) {
      expect(talk.says(`question ${i} about the road`).replies).toHaveLength(1);
      talk.after(everySeconds);
    }
    const held = talk.says("one more question about the road");
    expect(held).toMatchObject({ replies: [], withheld: ["loop_guard"] });
    expect(held.trips).toMatchObject([{ rule: "L4", counter: most, limit: most, withheld: "reply" }]);
    talk.after(window - most * everySeconds);
    expect(talk.says("the last question about the road").replies).toHaveLength(1);
  });

  test("of commands: 20 within 5 minutes", () => {
    const talk = guardTalk({ known: true });
    const asks = ["status lifts", "lifts status", "status of lifts"];
    for (let i = 0; i < 20; i++) expect(talk.says(asks[i % 3] as string).replies).toHaveLength(1);
    expect(talk.says("status for lifts").trips).toMatchObject([{ rule: "L4", counter: 20, limit: 20 }]);
    talk.after(300);
    expect(talk.says("status for lifts").replies).toHaveLength(1);
  });
});

describe("L5: a machine", () => {
  const phrases = [
    "I'm driving with Focus turned on. I'll see your message later.",
    "Sam is not receiving notifications. If this is urgent, reply urgent.",
    "This is an automatic reply",
    "Auto-reply: back on Monday",
    "I am out of the office until May",
    "This mailbox is not monitored",
    "Please do not reply to this message",
  ];

  test.each(phrases)("the phrase with the same text as before: %s", (text) => {
    const talk = guardTalk({ reply });
    expect(talk.says(text).outcome).toBe("rule");
    talk.after(60);
    const marked = talk.says(text);
    expect(marked).toMatchObject({ outcome: "ignored_loop", replies: [], alerts: ["loop_guard"] });
    expect(marked.trips).toMatchObject([{ rule: "L5", counter: 2, limit: 2, withheld: "text" }]);
  });

  test("quick answers twice running with the same text", () => {
    const talk = guardTalk({ reply });
    const outcomes = Array.from({ length: 4 }, () => {
      talk.after(2);
      return talk.says("who are you").outcome;
    });
    expect(outcomes).toEqual(["rule", "rule", "ignored_loop", "ignored_loop"]);
  });

  test("our own text is not answered; a second sign makes a machine of it", () => {
    const talk = guardTalk({ reply });
    const [ours = ""] = talk.says("hello there").replies;
    expect(talk.says(ours)).toMatchObject({ outcome: "ignored_loop", trips: [] });
    expect(talk.says(ours)).toMatchObject({ outcome: "ignored_loop", trips: [{ rule: "L5" }] });
  });

  test("one sign is none", () => {
    const talk = guardTalk({ reply });
    expect(talk.says("when do you open").replies).toHaveLength(1);
    expect(talk.says("and on sundays").replies).toHaveLength(1);
    talk.after(60);
    expect(talk.says("and on sundays").replies).toHaveLength(1);
    expect(talk.state().machineUntil).toBeUndefined();
  });

  test("for 24 hours everything of a stranger is only recorded, but for consent words", () => {
    const talk = guardTalk({ reply });
    for (let i = 0; i < 2; i++) talk.says(phrases[2] as string);
    talk.after(86_399);
    expect(talk.says("a question by a person").outcome).toBe("ignored_loop");
    expect(talk.says("help").outcome).toBe("consent_help");
    talk.after(1);
    expect(talk.says("a question by a person").replies).toHaveLength(1);
  });

  test("a known sender with an auto-responder is still obeyed", () => {
    const talk = guardTalk({ known: true });
    for (let i = 0; i < 2; i++) talk.says(phrases[0] as string);
    expect(talk.says("open gate 1").outcome).toBe("changed");
    expect(talk.says(phrases[0] as string).outcome).toBe("ignored_loop");
    for (let i = 0; i < 10; i++) expect(talk.says("status").outcome).toBe("status");
  });
});

describe("L6: reactions", () => {
  test.each([
    'Liked "open gate 5"',
    "Loved “STOP”",
    "Disliked an image",
    'Laughed at "yes"',
    'Emphasized "1"',
    'Questioned "Gate 5 is now open."',
    'Reacted 👍 to "ok"',
    'Removed a heart from "STOP"',
    '👍 to "STOP"',
  ])("%s is neither command, answer nor opt-out", (text) => {
    const talk = guardTalk({ known: true });
    expect(talk.says(text)).toMatchObject({ outcome: "ignored_reaction", replies: [] });
  });
});

describe("L7: unknown senders", () => {
  test("one reply in 24 hours, or in as many as are set, or none", () => {
    const talk = guardTalk();
    expect(talk.says("hello").replies).toHaveLength(1);
    talk.after(86_399);
    expect(talk.says("hello again").replies).toEqual([]);
    talk.after(1);
    expect(talk.says("and again").replies).toHaveLength(1);
    const off = guardTalk({
      change: (settings) => {
        settings.commands.strangerReply = false;
      },
    });
    expect(off.says("hello").replies).toEqual([]);
  });
});

describe("L8: never answered", () => {
  test.each([
    ["a short code", "64600"],
    ["letters", "MyBank"],
    ["a premium number", "+19005550123"],
    ["a premium number elsewhere", "+449061234567"],
    ["a satellite", "+8816123456789"],
  ])("%s", (_, from) => {
    for (const text of ["hello", "help", "stop"]) {
      expect(guardTalk({ from, reply }).says(text).replies).toEqual([]);
    }
    const known = guardTalk({ from, known: true });
    expect(known.says("open gate 1")).toMatchObject({ outcome: "changed", replies: [], withheld: [] });
  });

  test("a short code that is allowed is answered", () => {
    const change = (settings: TenantSettings) => {
      settings.guards.answeredShortCodes = ["64600"];
    };
    expect(guardTalk({ from: "64600", reply, change }).says("hello").replies).toHaveLength(1);
    expect(guardTalk({ from: "64601", reply, change }).says("hello").replies).toEqual([]);
  });

  test("our own numbers", () => {
    const own = guardTalk({ isOurs: true, reply });
    expect(own.says("hello")).toMatchObject({ outcome: "ignored_own_number", replies: [] });
  });
});

describe("L10: a flood", () => {
  test("over 20 texts a minute of a stranger are processed one a second", () => {
    const talk = guardTalk();
    const processed = (text: string) => talk.says(text).outcome === "unknown_sender";
    for (let i = 0; i < 20; i++) expect(processed(`text ${i} of many`)).toBe(true);
    const first = talk.says("text 20 of many");
    expect(first).toMatchObject({ outcome: "ignored_loop", alerts: ["loop_guard"] });
    expect(first.trips).toMatchObject([{ rule: "L10", counter: 21, limit: 20, withheld: "text" }]);
    expect(talk.says("text 21 of many").alerts).toEqual([]);
    talk.after(1);
    expect([processed("text 22 of many"), processed("text 23 of many")]).toEqual([true, false]);
    talk.after(60);
    expect(processed("text 24 of many")).toBe(true);
  });

  test("over 200 are only recorded, but for consent words", () => {
    const talk = guardTalk();
    for (let i = 0; i < 200; i++) talk.says(`text ${i} of many`);
    talk.after(2);
    expect(talk.says("text 200 of many").trips).toMatchObject([{ rule: "L10", counter: 201, limit: 200 }]);
    expect(talk.says("stop").outcome).toBe("consent_stop");
  });

  test("a reporter has the limit of texts instead, which answers", () => {
    const talk = guardTalk({ known: true });
    const texts = Array.from({ length: 60 }, (_, i) => `${i % 2 ? "open" : "close"} gate ${1 + (i >> 1)}`);
    for (const text of texts) expect(talk.says(text).replies).toHaveLength(1);
    expect(talk.says("open gate 1").outcome).toBe("rate_limited");
  });
});

test("a release forgets every counter and no more", () => {
  const talk = guardTalk({ reply });
  for (let i = 0; i < 30; i++) talk.says("This is an automatic reply");
  const before = { ...talk.state(), strangerToldAt: 5, helpTimes: [1] };
  const after = heedMarks(before, { releasedAt: 7, spokenAt: null });
  expect(after).toEqual({ strangerToldAt: 5, helpTimes: [1], releasedAt: 7 });
  expect(heedMarks({ ...before, releasedAt: 7 }, { releasedAt: 7, spokenAt: null })).toEqual({
    ...before,
    releasedAt: 7,
  });
});
