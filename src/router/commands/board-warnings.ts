import type { BoardItem, Kind } from "../../domain/board.ts";
import { RESERVED_WORDS } from "../consent-words.ts";
import { isKeyword } from "./keywords.ts";
import { clean, tokenise, wordsOf } from "./tokens.ts";

/**
 * What an owner should know when saving kinds or items: a verb, name or alias that is a keyword or a consent
 * word keeps the keyword's meaning when it is texted alone.
 */
export function boardWarnings(
  kinds: readonly Kind[],
  items: readonly Pick<BoardItem, "name" | "aliases">[],
): string[] {
  const warnings: string[] = [];
  const warn = (what: string, text: string) => {
    const words = wordsOf(tokenise(text, () => false)).join(" ");
    const keyword = [words, clean(text).trim()].find((form) => isKeyword(form) || RESERVED_WORDS.has(form));
    if (keyword !== undefined) {
      warnings.push(`${what} "${text}" is a keyword; texted alone it keeps the keyword's meaning`);
    }
  };
  for (const kind of kinds) {
    for (const field of kind.fields) {
      for (const value of field.values) for (const verb of value.verbs) warn(`${kind.label}: the verb`, verb);
    }
  }
  for (const item of items) {
    warn("the name", item.name);
    for (const alias of item.aliases) warn(`${item.name}: the alias`, alias);
  }
  return warnings;
}
