/**
 * The words by which people leave, come back and ask for help, and the reading of them: the whole message,
 * once case, punctuation, a phone's signature and courtesy are taken away, must be one of the words.
 */

/** Words that opt out for good reason only: everybody who sends one means it. */
const STOP_WORDS = new Set([
  "stop",
  "unsubscribe",
  "revoke",
  "remove",
  "optout",
  "opt out",
  "stopall",
  "stop all",
]);

/** Words that opt out, unless they answer an open question. */
export const CANCEL_WORDS = new Set(["cancel", "end", "quit"]);

export const START_WORDS = new Set(["start", "unstop"]);

/** Words of another language: honoured, and looked at by a person unless the tenant has them in its list. */
const FOREIGN_STOP_WORDS = new Set(["arret", "td"]);

/** No reply of ours may ask for one of these. */
export const RESERVED_WORDS = new Set([
  ...STOP_WORDS,
  ...CANCEL_WORDS,
  ...START_WORDS,
  ...FOREIGN_STOP_WORDS,
  "yes",
]);

const COURTESY = new Set(["please", "pls", "plz", "thanks", "thank", "you", "ty", "thx", "now", "ok"]);
const SIGNATURE =
  /\s*\b(?:sent|get outlook|envoye) (?:from|for|via|de) (?:my |mon )?[\p{L}\p{N} ]{2,40}\.?$/u;

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

export type StopReading = { word: string; method: "text_word" | "text_phrase"; review: boolean };

/**
 * Whether a message opts out: as an exact word, or in a wording of its own, which a person should look at.
 * Words that may answer a question are left to `CANCEL_WORDS`.
 */
export function readStop(normalised: string, extraWords: readonly string[]): StopReading | null {
  const bare = bareMessage(normalised);
  if (STOP_WORDS.has(bare)) return { word: bare, method: "text_word", review: false };
  if (extraWords.some((word) => plainWords(normaliseMessage(word)).join(" ") === bare)) {
    return { word: bare, method: "text_word", review: false };
  }
  if (FOREIGN_STOP_WORDS.has(bare)) return { word: bare, method: "text_phrase", review: true };
  const sentence = plainWords(normalised);
  if (sentence.length > 20 || !OPT_OUT_PHRASE.test(sentence.filter((word) => !POLITE.has(word)).join(" "))) {
    return null;
  }
  return { word: sentence.join(" "), method: "text_phrase", review: true };
}

const POLITE = new Set("please pls plz thanks thank you ty thx now ok hi hello hey just".split(" "));

const OPT_OUT_PHRASE = new RegExp(
  `^(?:i |we |can |could |would |like |need |want |wish |to |and |id )*(?:${[
    "stop (?:texting|messaging|contacting|bothering) (?:me|us)(?: again| anymore| any more)?",
    "stop (?:sending|these|all|the|those|your)(?: me| these| the| all| your)* (?:texts|text|messages|sms)(?: to me| anymore)?",
    "no more (?:texts|messages|sms)(?: to me)?",
    "(?:do not|dont) (?:text|message|contact|sms) me(?: again| anymore| any more)?",
    "quit texting me",
    "take me off (?:your|this|the|that) (?:\\w+ )?list",
    "remove me(?: from (?:your|this|the|that) (?:\\w+ )?list)?",
    "remove my number(?: from (?:your|this|the|that) (?:\\w+ )?list)?",
    "unsubscribe me(?: from this)?",
    "opt me out",
    "opt out",
    "(?:be )?unsubscribed?",
    "leave me alone",
    "lose my number",
    "delete my number",
    "cancel my subscription",
  ].join("|")})$`,
);

const REVIEW_PHRASE =
  /^(?:you have (?:the |a )?|sorry )?(?:wrong number|who is this|whos this|(?:im |i am )?not interested|this is spam|spam|reported|(?:my )?lawyer)$/;

/** Whether a message should be looked at by a person although it does not opt out. */
export function wantsReview(normalised: string): boolean {
  return REVIEW_PHRASE.test(plainWords(normalised).join(" "));
}

const REACTION =
  /^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,30}? to|removed an? .{1,30}? from)\s*(?:"|an? (?:image|photo|video|picture|attachment|movie|message)\b)/su;
const EMOJI_REACTION = /^\W{1,24}to\s*["]/su;

/** A phone's way of telling that somebody tapped a heart or the like on a message. */
export function isReaction(text: string): boolean {
  const plain = text
    .replace(/[“”„‟«»]/g, '"')
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  if (REACTION.test(plain.toLowerCase())) return true;
  return EMOJI_REACTION.test(plain) && !/^["\s]/.test(plain);
}
