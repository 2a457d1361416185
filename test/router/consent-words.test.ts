import { describe, expect, test } from "vitest";
import {
  isCourtesyAlone,
  isReaction,
  keywordForm,
  normaliseMessage,
  quotedIn,
  readStop,
  wantsReview,
  withoutSignature,
} from "../../src/router/consent-words.ts";

const settings = { extraStopWords: ["Arrêt"], languages: ["en" as const] };
const stop = (text: string) => readStop(normaliseMessage(text), settings);

describe("opting out", () => {
  test.each([
    "STOP",
    " stop. ",
    "“Stop”",
    "Stop. Thank you",
    "please STOP now",
    "OK stop",
    "st\u200bop",
    "STOP ALL",
    "stopall",
    "Opt-Out",
    "optout",
    "unsubscribe!",
    "REVOKE",
    "remove",
    "Stop\nSent from my iPhone",
    "Stop.\n\nSent from my T-Mobile 5G Device",
    "STOP\nSent via the Samsung Galaxy S21+, an AT&T 5G smartphone",
    "STOP\nGet Outlook for iOS<https://aka.ms/o0ukef>",
    "STOP\nEnvoyé de mon iPhone",
    "STOP\nGesendet von meinem iPhone",
    "STOP\nEnviado desde mi iPhone",
    "🛑 STOP 🛑",
    "arret",
  ])("%j is a word", (text) => {
    expect(stop(text)).toMatchObject({ method: "text_word", doubt: null });
  });

  test.each([
    "stop texting me",
    "Stop stop",
    "STOP! STOP! STOP!",
    "S.T.O.P.",
    "stop msgs",
    "Stop contacting this number",
    "unsubscribe me from this list",
    "opt me out of these messages",
    "delete me",
    "Please stop messaging me!",
    "stop sending texts",
    "Stop sending me these messages",
    "no more texts please",
    "don't text me again",
    "do not text me anymore",
    "take me off your list",
    "remove me",
    "remove my number",
    "I want to opt out",
    "unsubscribe me",
    "leave me alone",
    "lose my number",
    "cancel my subscription",
    "TD",
  ])("%j is a wording, for review", (text) => {
    expect(stop(text)).toMatchObject({ method: "text_phrase", doubt: { phrase: expect.any(String) } });
  });

  test.each([
    "stop lift 3",
    "we have got to STOP this bill",
    "stop by later",
    "non-stop",
    "bus stop",
    "dont stop",
    "when does it stop",
    "cancel",
    "the lift will stop at five",
    "remove the closed sign at gate 5",
    "",
  ])("%j is none", (text) => {
    expect(stop(text)).toBeNull();
  });
});

describe("other readings of a whole message", () => {
  test.each([
    ["Thanks!", true],
    ["thank you so much", true],
    ["please", true],
    ["ok", false],
    ["thanks gate 5", false],
    ["", false],
  ])("courtesy alone: %j", (text, expected) => {
    expect(isCourtesyAlone(normaliseMessage(text), true)).toBe(expected);
  });

  test("ok thanks answers a question, and is courtesy without one", () => {
    expect(isCourtesyAlone("ok thanks", true)).toBe(false);
    expect(isCourtesyAlone("ok thanks", false)).toBe(true);
    expect(keywordForm("ok thanks")).toBe("ok");
  });

  test.each([
    ["?", "?"],
    ["help?", "help"],
    ["Undo!", "undo"],
    ["status please", "status"],
    ["Thank you, yes", "yes"],
  ])("keyword form of %j", (text, expected) => {
    expect(keywordForm(normaliseMessage(text))).toBe(expected);
  });

  test.each([
    ['Liked "Gate 5 is now open."', true],
    ["Loved “STOP”", true],
    ["Laughed at an image", true],
    ['Reacted 👍 to "open"', true],
    ["Removed a heart from “open gate 5”", true],
    ["👍 to “Gate 5 is now open.”", true],
    ['❤️ to "x"', true],
    ["👍 to an image", true],
    ["❤️ to ‘Reply STOP to end.’", true],
    ["Liked ‘Gate 5 is now open.’", true],
    ["Removed 👍 from “open gate 5”", true],
    ["Removed a tree from Grandview's run", false],
    ["open to 'all' tomorrow", false],
    ["Liked gate 5", false],
    ["open gate 5", false],
    ['close to "the" gate', false],
  ])("reaction: %j", (text, expected) => {
    expect(isReaction(text)).toBe(expected);
  });

  test.each([
    ["Wrong number", true],
    ["who is this?", true],
    ["not interested", true],
    ["open gate 5", false],
  ])("for review: %j", (text, expected) => {
    expect(wantsReview(normaliseMessage(text), settings) !== null).toBe(expected);
  });
});

test.each([
  ["line breaks", "\n".repeat(200_000)],
  ["a signature that does not end", `\nsent from a${" ".repeat(200_000)}x`],
  ["quotation marks", "'".repeat(200_000)],
  ["pictures", "👍".repeat(100_000)],
])("as large as a door takes: %s are read without being tried from each place", (_, text) => {
  const began = performance.now();
  isReaction(text);
  withoutSignature(text);
  // Tried from each place it would take a minute.
  expect(performance.now() - began).toBeLessThan(5_000);
});

test.each([
  ["Liked “Gate 5 is now open.”", { text: "Gate 5 is now open.", cut: false }],
  ['👍 to "Now "open": Gate 5"', { text: 'Now "open": Gate 5', cut: false }],
  ["Loved ‘It’s open’", { text: "It’s open", cut: false }],
  ["Reacted 😂 to “A long text that goes…”", { text: "A long text that goes", cut: true }],
  ["Liked an image", null],
  ["Liked “ ”", null],
])("what a reaction quotes: %s", (text, quoted) => {
  expect(quotedIn(text)).toEqual(quoted);
});
