import { describe, expect, test } from "vitest";
import type { ConsentSettings } from "../../src/domain/settings.ts";
import { CONSENT_LANGUAGES } from "../../src/domain/settings.ts";
import { de } from "../../src/router/consent-data/de.ts";
import { en } from "../../src/router/consent-data/en.ts";
import { es } from "../../src/router/consent-data/es.ts";
import { fr } from "../../src/router/consent-data/fr.ts";
import { pt } from "../../src/router/consent-data/pt.ts";
import {
  comparable,
  isHelp,
  normaliseMessage,
  readStop,
  wantsReview,
} from "../../src/router/consent-words.ts";

const all = [en, fr, es, pt, de];
const on = (...languages: ConsentSettings["languages"]) => ({ extraStopWords: [], languages });
const read = (text: string, ...languages: ConsentSettings["languages"]) =>
  readStop(normaliseMessage(text), on(...languages))?.method ?? null;

/** Rules C2 and C3: every way of writing a word that is still that word and nothing else. */
const DRESSES: ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => `  ${word}  `,
  (word) => `${word}.`,
  (word) => `"${word}"`,
  (word) => `“${word}”`,
  (word) => `‘${word}’!!!`,
  (word) => `*${word}*`,
  (word) => `🛑 ${word} 🙏`,
  (word) => `${word[0]}\u200b${word.slice(1)}`,
  (word) => `\ufeff${word}\u2060`,
  (word) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  (word) => `${word}\nSent from my iPhone`,
  (word) => `${word} Get Outlook for Android`,
  (word) => `please ${word}`,
  (word) => `pls ${word} now`,
  (word) => `${word}. Thank you`,
  (word) => `ok ${word}, thanks`,
  (word) => `${word} ty`,
];

describe("exact words (C2, C3)", () => {
  const words = [...en.stop, "opt-out", "Stop-All"];
  test.each(words)("%s, however it is dressed", (word) => {
    for (const dress of DRESSES) expect(read(dress(word)), dress(word)).toBe("text_word");
  });

  test.each(words)("%s is not the message where other words stand with it", (word) => {
    for (const text of [`${word} lift 3`, `we talked about ${word} today`, `${word}ping`, `non ${word}`]) {
      expect(read(text), text).toBeNull();
    }
  });
});

describe("languages", () => {
  test("every language of the settings has its lists, written as they are compared", () => {
    expect(all.map((one) => one.language).sort()).toEqual([...CONSENT_LANGUAGES].sort());
    for (const one of all) {
      for (const word of [...one.stop, ...one.stopWhereOff, ...one.help, ...one.leadIns, ...one.polite]) {
        expect(comparable(word), `${one.language}: ${word}`).toBe(word);
      }
      for (const phrase of [...one.optOut, ...one.review]) {
        expect(phrase, one.language).toMatch(/^[a-z0-9 ()[\]|*]+$/);
      }
      for (const word of one.stopWhereOff) expect(one.stop).toContain(word);
    }
  });

  test.each([
    ["ARRÊT", "fr", "text_word", "text_phrase"],
    ["Désabonner", "fr", "text_word", "text_phrase"],
    ["ARRÊT SVP, merci", "fr", "text_word", null],
    ["Parar por favor", "es", "text_word", null],
    ["TD", "fr", "text_word", "text_phrase"],
    ["Parar", "es", "text_word", "text_phrase"],
    ["ALTO", "es", "text_word", null],
    ["baja", "es", "text_word", null],
    ["no más", "es", "text_word", null],
    ["SAIR", "pt", "text_word", null],
    ["STOPP", "de", "text_word", null],
    ["Abmelden", "de", "text_word", "text_phrase"],
    ["no me envíen más mensajes", "es", "text_phrase", null],
    ["Je veux me désabonner", "fr", "text_phrase", null],
    ["arrêtez de m'envoyer des SMS svp", "fr", "text_phrase", null],
    ["Bitte löschen Sie meine Nummer", "de", "text_phrase", null],
    ["por favor, me tire da lista", "pt", "text_phrase", null],
  ] as const)("%j with %s on and off", (text, language, where, elsewhere) => {
    expect(read(text, language)).toBe(where);
    expect(read(text, "en")).toBe(elsewhere);
    // English words are understood whatever else is on.
    expect(read("stop", language)).toBe("text_word");
  });

  test("help and review have words of their own in each language", () => {
    expect(isHelp("ayuda", on("es"))).toBe(true);
    expect(isHelp("ayuda", on("en"))).toBe(false);
    expect(isHelp("help", on("de"))).toBe(true);
    expect(wantsReview(normaliseMessage("Número equivocado!"), on("es"))?.phrase).toBe("numero equivocado");
    expect(wantsReview(normaliseMessage("Número equivocado!"), on("en"))).toBeNull();
  });
});

describe("the phrase list (C4)", () => {
  test.each([
    ["stop texting me", "stop (texting|messaging|contacting|bothering) [me|us] [again|anymore|any more]"],
    ["Please could you take me off your mailing list", "take me off (your|this|the|that) [*] list"],
    ["I would like to opt out", "opt out"],
    ["please stop messages", "stop (texts|text|messages|sms)"],
  ])("%j tells which entry it is", (text, phrase) => {
    const doubt = readStop(normaliseMessage(text), on("en"))?.doubt;
    expect(doubt).toMatchObject({ phrase, version: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  });

  test.each([
    "stop by",
    "stop by the office later",
    "non-stop",
    "the bus stop",
    "don't stop",
    "when does it stop",
    "We have got to STOP this bill",
    "stop texting me your old jokes and send the new ones, we laughed all night about the one with the ski patrol dog",
  ])("%j is left alone", (text) => {
    expect(read(text)).toBeNull();
  });
});
