import { describe, expect, test } from "vitest";
import type { OptOuts } from "../../src/domain/consent.ts";
import type { ConsentSettings } from "../../src/domain/settings.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { measureText } from "../../src/domain/sms-text.ts";
import { compileBoard } from "../../src/router/commands/board.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import type { ConsentAnswer } from "../../src/router/consent.ts";
import { answerConsent } from "../../src/router/consent.ts";
import { normaliseMessage } from "../../src/router/consent-words.ts";
import type { ConversationState } from "../../src/router/state.ts";
import type { RouteInput } from "../../src/router/types.ts";

const HOUR = 3_600_000;
const START_AT = Date.UTC(2026, 0, 15, 12);
const topics = [
  { key: "snow", name: "Snow report", words: ["powder alerts"] },
  { key: "lift-3", name: "Lift 3", words: [] },
];

/** A board on which "stop" is a verb and Lift 3 exists. */
function board() {
  const [kind] = resortTemplate().kinds.filter(({ key }) => key === "lift");
  if (!kind) throw new Error("the template has no lifts");
  const own = structuredClone(kind);
  own.fields[0]?.values[0]?.verbs.push("stop");
  const item = {
    ...{ id: "itm_3", kind: "lift", name: "Lift 3", aliases: [], number: 3, area: null, fields: {} },
    ...{ archived: false, position: 1, revision: 0, updatedAt: "", last: {} },
  };
  return compileBoard([own], [item]);
}

/** One person and what is remembered of them, as the workers and the store would keep it. */
function person(consent: Partial<ConsentSettings> = {}, isReporter = false) {
  const settings = defaultSettings("Peak");
  settings.consent = { ...settings.consent, topics, ...consent };
  let conversation: ConversationState = {};
  let optOuts: OptOuts = { all: false, address: false, topics: [] };
  let now = START_AT;
  const says = (text: string): ConsentAnswer | null => {
    const input = {
      ...{ now, settings, conversation, optOuts, board: board(), reporterState: {} },
      arrival: { from: "+14155550101", text },
      optedOut: optOuts.all || optOuts.address,
      reporter: isReporter ? { active: true } : null,
    } as unknown as RouteInput;
    const answer = answerConsent(input, normaliseMessage(text), false);
    for (const effect of answer?.effects ?? []) {
      if (effect.kind !== "change-consent") continue;
      const out = effect.action === "revoke";
      if (effect.scope !== "topic") optOuts = { ...optOuts, [effect.scope]: out };
      else {
        const others = optOuts.topics.filter((key) => key !== effect.topic);
        optOuts = { ...optOuts, topics: out ? [...others, effect.topic ?? ""] : others };
      }
    }
    conversation = answer?.conversation ?? conversation;
    return answer;
  };
  return {
    says,
    hears: (text: string) =>
      says(text)?.effects.flatMap((effect) => (effect.kind === "send-text" ? [effect.text] : [])) ?? null,
    out: () => optOuts,
    advance(hours: number) {
      now += hours * HOUR;
    },
  };
}

const IN: OptOuts = { all: false, address: false, topics: [] };

/** What has been left after each text, told as "all", "address" and keys of topics; rules C7, C12 and C13. */
const talks: [string, Partial<ConsentSettings>, [string, string][]][] = [
  [
    "STOP covers all",
    {},
    [
      ["stop", "all"],
      ["start", ""],
    ],
  ],
  [
    "STOP covers an address where so set",
    { stopScope: "address" },
    [
      ["stop", "address"],
      ["start", ""],
    ],
  ],
  [
    "STOP ALL covers all whatever is set",
    { stopScope: "address" },
    [
      ["stop all", "all"],
      ["unstop", ""],
    ],
  ],
  [
    "both are given back",
    { stopScope: "address" },
    [
      ["stop", "address"],
      ["stop all", "all address"],
      ["start", ""],
    ],
  ],
  [
    "a topic alone",
    {},
    [
      ["STOP SNOW", "snow"],
      ["start", ""],
    ],
  ],
  [
    "a topic by its name",
    {},
    [
      ["stop snow report please", "snow"],
      ["join snow", ""],
    ],
  ],
  [
    "a topic by another word",
    {},
    [
      ["Unsubscribe from powder alerts!", "snow"],
      ["subscribe to snow", ""],
    ],
  ],
  [
    "START gives back the last opt-out, no more",
    {},
    [
      ["stop snow", "snow"],
      ["stop", "all snow"],
      ["start", "snow"],
    ],
  ],
  [
    "a topic left on top of all",
    {},
    [
      ["stop", "all"],
      ["stop snow", "all snow"],
      ["start", "snow"],
    ],
  ],
  [
    "a topic alone brings nobody back from all",
    {},
    [
      ["stop", "all"],
      ["join snow", "all"],
    ],
  ],
  [
    "an unknown topic is no opt-out",
    {},
    [
      ["stop rain", ""],
      ["stop the snow from falling", ""],
    ],
  ],
  [
    "YES comes back only from an opt-out",
    {},
    [
      ["yes", ""],
      ["stop", "all"],
      ["yes", ""],
    ],
  ],
  ["a wording covers what STOP covers", { stopScope: "address" }, [["stop texting me", "address"]]],
];

describe("scopes", () => {
  test.each(talks)("%s", (_, consent, texts) => {
    const one = person(consent);
    for (const [text, expected] of texts) {
      one.says(text);
      const { all, address, topics: left } = one.out();
      const found = [...(all ? ["all"] : []), ...(address ? ["address"] : []), ...left].join(" ");
      expect(found, text).toBe(expected);
    }
  });

  test("a command with an object wins over a topic of the same name, for those who may command (C5)", () => {
    expect(person({}, true).says("stop lift 3")).toBeNull();
    expect(person({}, true).says("stop")?.class).toBe("stop");
    expect(person({}, true).says("stop snow")?.class).toBe("stop");
    expect(person().says("stop lift 3")?.class).toBe("stop");
  });
});

describe("answers", () => {
  test("say what was left, and how to leave the rest or come back", () => {
    const one = person();
    expect(one.hears("stop snow")).toEqual([
      "Peak: Snow report stopped. Reply STOP ALL to end all messages, START to rejoin.",
    ]);
    expect(one.hears("start")?.[0]).toContain("you joined Snow report");
    expect(person({ stopScope: "address" }).hears("stop")).toEqual([
      "Peak: you are unsubscribed from this number. Reply STOP ALL to end all messages, START to rejoin.",
    ]);
  });

  test("one confirmation of an opt-out in a day (C9)", () => {
    const one = person();
    expect(one.hears("stop snow")).toHaveLength(1);
    expect(one.hears("stop snow")).toHaveLength(0);
    expect(one.hears("stop")).toHaveLength(1);
    expect(one.hears("please stop")).toHaveLength(0);
    one.advance(25);
    expect(one.hears("stop")).toHaveLength(1);
  });

  test("START of somebody who had not left is confirmed once in a day", () => {
    const one = person();
    expect(one.hears("start")).toHaveLength(1);
    for (let i = 0; i < 50; i++) expect(one.hears("start")).toHaveLength(0);
    expect(one.hears("join snow")).toHaveLength(0);
    one.says("stop");
    expect(one.hears("start")).toHaveLength(1);
    one.advance(25);
    expect(one.hears("start")).toHaveLength(1);
  });

  test("whoever leaves and comes back without end is heard each time, and told ten times a day", () => {
    const one = person();
    let told = 0;
    for (let i = 0; i < 20; i++) {
      told += one.hears("stop")?.length ?? 0;
      expect(one.out().all).toBe(true);
      told += one.hears("start")?.length ?? 0;
      expect(one.out().all).toBe(false);
    }
    expect(told).toBe(10);
    one.advance(25);
    expect(one.hears("stop")).toHaveLength(1);
  });

  test("HELP reaches those who left too: once in ten minutes, five times a day (C11)", () => {
    const one = person();
    one.says("stop");
    let answers = 0;
    for (let i = 0; i < 30; i++) {
      answers += one.hears("help")?.length ?? 0;
      one.advance(0.1);
    }
    expect(answers).toBe(5);
    expect(one.out()).toEqual({ ...IN, all: true });
  });

  test("a wording goes onto the review list with what it is", () => {
    const effects = person().says("Please remove me from this list")?.effects ?? [];
    expect(effects).toContainEqual({
      ...{ kind: "review-consent", reviewKind: "opt_out", scope: "all" },
      phrase: "remove me from (your|this|the|that) [*] list",
      version: expect.any(String),
    });
    expect(
      person()
        .says("stop")
        ?.effects.map((effect) => effect.kind),
    ).toEqual(["change-consent", "send-text"]);
  });

  test.each(["stop", "stop snow", "start", "help"])(
    "%s is answered in one segment of plain characters",
    (text) => {
      const [answer = ""] = person().hears(text) ?? [];
      expect(measureText(answer)).toMatchObject({ encoding: "GSM-7", segments: 1 });
      expect(answer.startsWith("Peak: ")).toBe(true);
    },
  );
});
