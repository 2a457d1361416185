import { measureText, septetsOf } from "../../domain/sms-text.ts";
import { renderTemplate, variablesOf } from "./render.ts";

/**
 * Every text that Signalbox answers with. `{name}` is a variable; a sentence whose variable has no value is
 * left out, and so is a part in brackets. `{list}` and `{groups}` are cut into pages where they are long.
 */
export const REPLIES = {
  done: "{Item} is now {state}. Reply UNDO within {window} to set {name} back to {old}.",
  "done.batch": "{groups}. Reply UNDO within {window} to reverse {undo}.",
  already: "{Item} is already {state} ({who}, {time}). UNDO still reverses {undo} for {left}.",
  menu: "{Ask} which one?\n{list}\nReply a number, a name or NO.",
  mean: 'No {kind} matches "{text}". Did you mean {Item}? Reply 1 to {ask} it, or NO.',
  "mean.several": 'No {kind} matches "{text}". Did you mean:\n{list}\nReply a number, a name or NO.',
  choose: "Reply 1 to {n}, a name from the list, or NO.",
  nolist: "No list is open. Text a full command, e.g. {example}.",
  confirm: "{Ask} {Item}? It is {old} now. Reply OK or NO.",
  "confirm.batch": "{Ask} {n} items: {list}? Reply OK or NO.",
  "confirm.all": "{Ask} ALL {kinds}? {n} of {total} would change. Reply OK or NO.",
  waiting: "Still waiting: {q} Reply OK or NO.",
  nothing: "Nothing is waiting for an answer.",
  expired: "That question lapsed after {life}. Please text the command again.",
  dropped: "Cancelled. Nothing was changed.",
  "dropped.undo": "Cancelled: {q} Nothing was changed. Text UNDO again to reverse {undo}.",
  void: "(Cancelled: {q})",
  "pin.ask": "Reply with your PIN to {ask} {Item}, or NO.",
  "pin.wrong": "Wrong PIN. Tries left: {n}.",
  "pin.locked": "PIN locked for {minutes} min. {contact} has been told.",
  undone: "Undone: {Item} is {old} again.",
  "undone.batch": "Undone: {list}.",
  "undo.none": "Nothing to undo. UNDO works for {window} after a change.",
  "undo.fail": "UNDO failed. {name} is still {state}. Please try again.",
  "undo.conflict": "Not undone: {who} set {name} to {state} at {time}.",
  "status.all": "{board} {time}: {list}. {footer}",
  "status.kind": "{list}.",
  "status.item": "{Item}: {states}{since}.",
  "status.item.several": "{list}",
  help: "Text {verbs} and a name, e.g. {example}. Also STATUS, UNDO, MORE. HELP {verb} tells more. Questions: {contact}.",
  "help.topic": "{VERB} works for {kinds}. Examples: {examples}. Other words: {words}.",
  "help.kind": "{Kinds}: text {verbs} and a name. Examples: {examples}. Other words: {words}.",
  nomatch: 'No {kind} matches "{text}". Check the name or text STATUS.',
  wrongverb: "Only {kinds} can be {state}. {name} is a {kind}.",
  format: "Not understood. Try {example}, STATUS or HELP.",
  what: "{Ask} what? Text {VERB} and a name, e.g. {example}.",
  conflict: "That text says both {state} and {other}. Nothing was changed.",
  many: '{n} matches for "{text}". Please add a word.',
  toomany: "That would change {n} items; the limit is {max}.",
  forbidden: "You may not change {name}. Ask {contact}.",
  unknown: "This number is not set up for {board}. Ask {contact} to add it.",
  savefail: "Could not save {name}. Nothing was changed. Please try again.",
  rate: "Too many texts. Please wait {minutes} min.",
  empty: "No text in that message. Text HELP for commands.",
  toolong: "That text is too long. Nothing was changed.",
  more: "MORE for {n} more.",
  "more.none": "Nothing more to show.",
  "stop.ok": "{brand}: you are unsubscribed and will get no more messages. Reply START to rejoin.",
  "stop.address":
    "{brand}: you are unsubscribed from this number. Reply STOP ALL to end all messages, START to rejoin.",
  "stop.topic": "{brand}: {topic} stopped. Reply STOP ALL to end all messages, START to rejoin.",
  "start.ok":
    "{brand}: you joined {topic}, message frequency varies. Msg&data rates may apply. Reply HELP for help, STOP to end.",
  "help.compliance":
    "{brand}: {topic}. Support {support}. Text MENU for commands. Msg&data rates may apply. Reply STOP to end.",
} as const;

export type ReplyKey = keyof typeof REPLIES;

const COMPLIANCE = new Set<string>(["stop.ok", "stop.address", "stop.topic", "start.ok", "help.compliance"]);

/** Variables that every reply may use. */
const GENERAL = ["board", "contact"];

/** Values as long as they get; lists are one row, since long ones are cut into pages. */
const LONGEST: Record<string, string> = {
  Item: "Park Feature Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  name: "Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  who: "Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  text: "Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  q: "Ungroom Trail Abcdefghij Klmnopqrst Uvwxyzabcd Efghij?",
  state: "not groomed",
  other: "not groomed",
  old: "not groomed",
  window: "10 min",
  left: "10 min",
  time: "31 Dec 12:59 pm",
  undo: "Abcdefghij Klmnopqrst Uvwxyzabcd Efghij and Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  groups: "Now not groomed: Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  list: "1 Trail Abcdefghij Klmnopqrst Uvwxyzabcd Efghij",
  contact: "the mountain office",
  board: "Abcdefghij Klmnopqrst",
  brand: "Abcdefghij Klmnopqrst",
  topic: "operations by text",
  support: "the mountain office",
};

/** What an owner may put their own words for, and which variables these may use. */
export function replyTexts(): { key: string; text: string; variables: string[] }[] {
  return Object.entries(REPLIES).map(([key, text]) => ({
    key,
    text,
    variables: [...new Set([...variablesOf(text), ...GENERAL])],
  }));
}

/** Why an owner's text may not stand for this reply, or null. */
export function validateWording(key: string, text: string): string | null {
  const standard = REPLIES[key as ReplyKey] as string | undefined;
  if (standard === undefined || !Object.hasOwn(REPLIES, key)) return `there is no reply called "${key}"`;
  if (text.trim() === "") return "the text is empty";
  const foreign = [...text].find((character) => septetsOf(character) === 0 && !"{}".includes(character));
  if (foreign !== undefined) return `"${foreign}" is not in the alphabet of plain texts (GSM-7)`;
  const known = new Set([...variablesOf(standard), ...GENERAL]);
  const unknown = variablesOf(text).find((name) => !known.has(name));
  if (unknown !== undefined) return `{${unknown}} is not a variable of this reply`;
  if (/[{}]/.test(text.replace(/\{\w+\}/g, ""))) return "a brace stands alone";
  const suggested = suggestedWord(text, COMPLIANCE.has(key));
  if (suggested !== null)
    return `a reply may not suggest ${suggested.toUpperCase()}, which is a consent word`;
  const values = Object.fromEntries([...known].map((name) => [name, LONGEST[name] ?? "Abcdefghij"]));
  const limit = COMPLIANCE.has(key) ? 1 : 2;
  const { segments } = measureText(renderTemplate(text, values));
  return segments > limit
    ? `the text needs ${segments} segments with long names; the limit is ${limit}`
    : null;
}

const SUGGESTED =
  /\b(?:reply|text|send|answer|type|say|write)\b[^.!?\n]{0,60}?\b(cancel|end|quit|yes|unsubscribe|revoke|remove|optout|stop|stopall|start|unstop)\b/i;
const SHOUTED = /\b(CANCEL|END|QUIT|YES|UNSUBSCRIBE|REVOKE|REMOVE|OPTOUT|STOP|STOPALL|START|UNSTOP)\b/;

/** A consent word that a text asks the reader to send. The texts of consent itself may name STOP and START. */
function suggestedWord(text: string, compliance: boolean): string | null {
  const checked = compliance
    ? text.replace(/\b(?:stop(?: all)?(?: to end(?: all messages)?)?|start|help)\b/gi, "")
    : text;
  return SHOUTED.exec(checked)?.[1] ?? SUGGESTED.exec(checked)?.[1] ?? null;
}
