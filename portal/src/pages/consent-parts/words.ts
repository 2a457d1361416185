import type { ConsentEvent, OptOut } from "./shapes.ts";

/** Consent in words: what was done, what it covers, and how it came about. */

function scopeInWords({ scope, address, topic }: Pick<ConsentEvent, "scope" | "address" | "topic">): string {
  if (scope === "topic") return `the topic ${topic ?? "?"}`;
  if (scope === "address") return `texts from ${address ?? "one number"}`;
  return "all texts";
}

const METHODS: Record<string, string> = {
  text_word: "by text, with a word",
  text_phrase: "by text, in their own words",
  provider_block: "told by the provider",
  staff: "recorded by staff",
  paper: "on paper",
  web_form: "by a form on the web",
  review: "after review",
};

export function methodInWords(method: string): string {
  return METHODS[method] ?? method.replaceAll("_", " ");
}

/** "Left all texts", "The provider refuses texts from 64600". */
export function eventInWords(event: ConsentEvent): string {
  const scope = scopeInWords(event);
  switch (event.action) {
    case "revoke":
      return `Left ${scope}`;
    case "restore":
      return `Agreed to ${scope}`;
    case "block":
      return `The provider refuses ${scope}`;
    case "lift":
      return `The provider carries ${scope} again`;
    default:
      return `${event.action} ${scope}`;
  }
}

export function optOutInWords(optOut: OptOut): string {
  const word = optOut.word ? ` (“${optOut.word}”)` : "";
  return `Left ${scopeInWords(optOut)}, ${methodInWords(optOut.method)}${word}`;
}

const WHO: Record<string, string> = {
  user: "",
  key: "API key ",
  reporter: "Reporter ",
  rule: "Rule ",
};

export function actorInWords({ kind, name }: { kind: string; name: string }): string {
  return `${WHO[kind] ?? ""}${name}`;
}
