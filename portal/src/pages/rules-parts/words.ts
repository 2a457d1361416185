import type { Rule, RuleTest } from "../../api/shapes.ts";
import { showPhone } from "../../kit/phone.ts";

/** Rules and what becomes of texts, in words. */

export function matchInWords({ type, pattern, wholeWord }: Rule["match"]): string {
  switch (type) {
    case "any":
      return "Every text";
    case "exact":
      return `The text is “${pattern}”`;
    case "regex":
      return `The expression ${pattern} fits`;
    case "contains":
      return wholeWord ? `The word “${pattern}” is in it` : `“${pattern}” is in it`;
    default:
      return type satisfies never;
  }
}

export function actionInWords(action: Rule["actions"][number]): string {
  const value = (key: string) => (typeof action[key] === "string" ? String(action[key]) : "");
  if (action.type === "reply") return `Reply: ${value("text")}`;
  if (action.type === "email") return `E-mail to ${value("to")}`;
  if (action.type === "webhook") return `Call ${value("url").replace(/^https?:\/\//, "")}`;
  return action.type;
}

export const REASONS: Record<string, string> = {
  disabled: "it is switched off",
  channel: "it is for another channel",
  from: "it is for other senders",
  pattern: "its pattern does not fit",
  later: "it comes later",
};

export const WITHHELD: Record<string, string> = {
  cooldown: "this sender got one a moment ago",
  opted_out: "the sender opted out",
  not_answerable: "this kind of number is not answered",
  loop_guard: "too many replies to this sender, or a loop",
  own_number: "the text came from one of your own numbers",
  reaction: "somebody tapped a heart; that is not answered",
};

/** Who takes the text, and why no rule is asked where none is. */
export function takerInWords({ takenBy, matched, enabled }: RuleTest): string {
  switch (takenBy) {
    case "rule":
      return `The rule “${matched?.name}” takes it.`;
    case "default":
      return "No rule fits: the default reply answers.";
    case "consent":
      return "STOP, START and HELP are answered before any rule is asked.";
    case "guard":
      return "It is not answered: a guard holds it back.";
    case "command":
      return "It is a reporter's command, which goes before rules.";
    case "keyword":
      return "A keyword takes it, before rules are asked.";
    case "nobody":
      return enabled
        ? "No rule fits, and there is no default reply."
        : "The rules are switched off: nothing is sent.";
    default:
      return takenBy satisfies never;
  }
}

/** Senders of a rule, as they are written; a whole number as people read it. */
export function fromInWords(from: string): string {
  return from
    .split(",")
    .map((part) => showPhone(part.trim()))
    .join(", ");
}
