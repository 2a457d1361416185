import { describe, expect, test } from "vitest";
import {
  isCourtesyAlone,
  isReaction,
  keywordForm,
  normaliseMessage,
  readStop,
  wantsReview,
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
    "🛑 STOP 🛑",
    "arret",
  ])("%j is a word", (text) => {
    expect(stop(text)).toMatchObject({ method: "text_word", doubt: null });
  });

  test.each([
    "stop texting me",
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
