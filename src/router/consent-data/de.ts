import type { ConsentLanguage } from "../consent-language.ts";

/** Starter set; to be confirmed by somebody who grew up with the language. */
export const de: ConsentLanguage = {
  language: "de",
  stop: ["stopp", "abmelden", "abbestellen"],
  stopWhereOff: ["abmelden"],
  help: ["hilfe"],
  leadIns: ["ich", "mochte", "moechte", "will", "mich"],
  polite: ["bitte", "danke", "hallo", "sofort"],
  optOut: [
    "(keine|keine weiteren) (sms|nachrichten) mehr",
    "(keine|keine weiteren) (sms|nachrichten)",
    "(schreiben sie mir|schreibt mir|schreib mir) nicht mehr",
    "(horen sie|hort|hor) auf mir zu schreiben",
    "(nehmen sie mich|nehmt mich|nimm mich) (aus|von) (der|dieser|ihrer|eurer) liste",
    "(loschen sie|loscht|losche) meine (nummer|daten)",
    "(melden sie mich|meldet mich|melde mich) ab",
    "abmelden",
    "(lassen sie|lasst|lass) mich in ruhe",
  ],
  review: [
    "falsche nummer",
    "wer ist das",
    "wer sind sie",
    "kein interesse",
    "das ist spam",
    "[mein] anwalt",
  ],
};
