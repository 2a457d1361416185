import type { ConsentSettings } from "../domain/settings.ts";
import type { Lexicon } from "./consent-language.ts";
import { CONSENT_WORDS_VERSION, lexiconOf, wordsHonouredEverywhere } from "./consent-language.ts";

/**
 * The words by which people leave, come back and ask for help, and the reading of them: the whole message,
 * once case, punctuation, a phone's signature and courtesy are taken away, must be one of the words.
 */

/** Words that opt out, unless they answer an open question. */
export const CANCEL_WORDS = new Set(["cancel", "end", "quit"]);

export const START_WORDS = new Set(["start", "unstop"]);

/** Opts out of every address, whatever a bare STOP covers. */
const ALL_WORDS = new Set(["stopall", "stop all"]);

/** No reply of ours may ask for one of these. */
export const RESERVED_WORDS = new Set([...wordsHonouredEverywhere(), ...CANCEL_WORDS, ...START_WORDS, "yes"]);

const COURTESY = new Set(["please", "pls", "plz", "thanks", "thank", "you", "ty", "thx", "now", "ok"]);
/** What phones and mail programs put under a text, behind something that was written. */
const SIGNATURE =
  /(?<=\S)\s+(?:(?:sent (?:from|via) (?:my|the)|get outlook for|envoy[ée] (?:de|depuis) mon|gesendet (?:von|mit) (?:meinem|dem)|enviado desde mi|enviado (?:do|pelo) meu) .{2,80}|(?:sent|get outlook|envoy[ée]) (?:from|for|via|de|depuis) [\p{L}\p{N} ]{2,40}\.?)$/u;

const SIGNATURE_LINE =
  /\n[ \t]*(?:sent (?:from|via)|get outlook for|envoy[ée] (?:de|depuis) mon|gesendet (?:von|mit) (?:meinem|dem)|enviado desde mi|enviado (?:do|pelo) meu) [^\n]{2,100}$/iu;

/** A text without the line that the phone has put under it. */
export function withoutSignature(text: string): string {
  const written = text.trimEnd();
  return SIGNATURE_LINE.test(written) ? written.replace(SIGNATURE_LINE, "") : text;
}

/** A message in the form in which words and phrases are compared: rule C2. The text itself stays as it is. */
export function normaliseMessage(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .toLowerCase()
    .replace(/[‘’‚‛′`´]/g, "'")
    .replace(/[“”„‟]/g, '"')
    .replace(/\s+/gu, " ")
    .replace(SIGNATURE, "")
    .replace(/^[^\p{L}\p{N}?]+|[^\p{L}\p{N}?]+$/gu, "")
    .trim();
}

/** The normalised message as words, punctuation and courtesy gone; everything when it is courtesy alone. */
export function bareMessage(normalised: string): string {
  const words = plainWords(normalised);
  // "thank you" goes as two words, but "you" alone is no courtesy.
  const kept = words.filter((word, i) => !COURTESY.has(word) || (word === "you" && words[i - 1] !== "thank"));
  return (kept.length > 0 ? kept : words).join(" ");
}

/** Letters and digits of a text as words; apostrophes vanish, all other signs separate. */
function plainWords(text: string): string[] {
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/'/g, "")
    .normalize("NFC");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The words of a message without "please" and "thanks", as keywords are compared; "?" stays itself. */
export function keywordForm(normalised: string): string {
  if (/^\?+$/.test(normalised)) return "?";
  return plainWords(normalised)
    .join(" ")
    .replace(/(?:^| )(?:please|pls|plz|thanks|thank you|ty|thx)(?= |$)/g, "")
    .trim();
}

const THANKS = new Set("thanks thank you thx ty tnx cheers please pls very much so many".split(" "));

/** Whether the message says nothing but thanks. "ok thanks" is courtesy too where no question waits for OK. */
export function isCourtesyAlone(normalised: string, promptLive: boolean): boolean {
  const words = plainWords(normalised);
  const rest = promptLive ? words : words.filter((word) => word !== "ok" && word !== "okay");
  return rest.length > 0 && rest.every((word) => THANKS.has(word));
}

/** Why a person should look at a text: the entry of the phrase list that it is. */
export interface Doubt {
  phrase: string;
  version: string;
}

export interface StopReading {
  word: string;
  method: "text_word" | "text_phrase";
  /** The word names all addresses by itself. */
  namesAll: boolean;
  doubt: Doubt | null;
}

type Words = Pick<ConsentSettings, "extraStopWords" | "languages">;

/**
 * Whether a message opts out: as an exact word, or in a wording of its own, which a person should look at.
 * Words that may answer a question are left to `CANCEL_WORDS`.
 */
export function readStop(normalised: string, settings: Words): StopReading | null {
  const bare = bareMessage(normalised);
  const lexicon = lexiconOf(settings.languages);
  const word = withoutCourtesy(bare, lexicon);
  const exact = lexicon.stop.has(word) || settings.extraStopWords.some((own) => comparable(own) === word);
  if (exact) return { word, method: "text_word", namesAll: ALL_WORDS.has(word), doubt: null };
  const sentence = plainWords(normalised);
  const phrase = lexicon.stopWhereOff.has(bare) ? bare : readPhrase(sentence, lexicon);
  if (phrase === null) return null;
  return { word: sentence.join(" "), method: "text_phrase", namesAll: false, doubt: doubtOf(phrase) };
}

function withoutCourtesy(bare: string, { courtesy }: Lexicon): string {
  if (courtesy.size === 0) return bare;
  const words = bare.split(" ").filter((word) => !courtesy.has(word));
  return words.length > 0 ? words.join(" ") : bare;
}

const MOST_WORDS = 20;

function readPhrase(sentence: string[], lexicon: Lexicon): string | null {
  if (sentence.length > MOST_WORDS) return null;
  return lexicon.optOut(sentence.filter((word) => !lexicon.polite.has(word)).join(" "));
}

/** A word or name as it is compared with what people write. */
export function comparable(text: string): string {
  return plainWords(normaliseMessage(text)).join(" ");
}

/** Whether the whole message asks for help. */
export function isHelp(bare: string, settings: Words): boolean {
  return lexiconOf(settings.languages).help.has(bare);
}

/** Whether a message should be looked at by a person although it does not opt out. */
export function wantsReview(normalised: string, settings: Words): Doubt | null {
  const phrase = lexiconOf(settings.languages).review(plainWords(normalised).join(" "));
  return phrase === null ? null : doubtOf(phrase);
}

function doubtOf(phrase: string): Doubt {
  return { phrase, version: CONSENT_WORDS_VERSION };
}

const TARGET = String.raw`\s*(?:"|an? (?:image|photo|video|picture|attachment|movie|message)\b)`;
const REACTION = new RegExp(
  `^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,30}? to|removed (?:an? .{1,30}?|\\W{1,24}?) from)${TARGET}`,
  "su",
);
const EMOJI_REACTION = new RegExp(`^\\W{1,24}to${TARGET}`, "su");

/** What a reaction quotes, and whether only the beginning of it; null = it quotes no words. */
export function quotedIn(reaction: string): { text: string; cut: boolean } | null {
  const said = /["“”„‟«‘‚‛'](.*)["“”„‟»’'][^"“”„‟»’']*$/su.exec(reaction)?.[1] ?? "";
  const text = said.replace(/(?:…|\.\.\.)$/u, "");
  return text.trim() === "" ? null : { text, cut: text !== said };
}

/** A phone's way of telling that somebody tapped a heart or the like on a message. */
export function isReaction(text: string): boolean {
  const plain = text
    .replace(/[“”„‟«»]|(?<!\p{L})[‘‚‛']|[’'](?!\p{L})/gu, '"')
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  if (REACTION.test(plain.toLowerCase())) return true;
  return EMOJI_REACTION.test(plain) && !/^["\s]/.test(plain);
}
