import { useEffect, useState } from "react";
import type { SavedRule } from "./draft.ts";

/*
 * A new rule is saved on one page and worked on further on another: its warnings and the secrets that are shown
 * once go along, outside of anything that is kept.
 */

let saved: SavedRule | null = null;

export function handOver(rule: SavedRule): void {
  saved = rule;
}

/** The answer that saved this rule a moment ago; forgotten when the page is left. */
export function useHandedOver(id: string): SavedRule | null {
  const [rule] = useState(() => (saved?.id === id ? saved : null));
  useEffect(
    () => () => {
      saved = null;
    },
    [],
  );
  return rule;
}
