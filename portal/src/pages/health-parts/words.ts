import type { Trip } from "./shapes.ts";

/** What each guard looks for, as in docs/guards.md. */
const RULES: Record<Trip["rule"], string> = {
  L1: "Replies that led nowhere, in a row",
  L2: "Too many replies to one number",
  L3: "The same text again and again",
  L4: "The same reply again and again",
  L5: "A machine answers us",
  L9: "A budget is used up",
  L10: "A flood of texts",
};

export function guardInWords({ rule }: Pick<Trip, "rule">): string {
  return RULES[rule];
}

export function heldInWords({ withheld, times }: Pick<Trip, "withheld" | "times">): string {
  const often = times === 1 ? "once" : `${times.toLocaleString()} times`;
  return withheld === "reply" ? `held a reply back ${often}` : `left a text unprocessed ${often}`;
}
