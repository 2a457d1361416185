import { arrivalCases } from "./arrival-cases.ts";
import { doorCases } from "./door-cases.ts";
import { formCases } from "./form-cases.ts";
import { proofCases } from "./proof-cases.ts";
import { sendCases } from "./send-cases.ts";
import type { Case, Subject } from "./subject.ts";

/**
 * Everything that holds for every provider, made from its table. What needs the whole program around it is in
 * program.test.ts.
 */
export function casesOf(subject: Subject): Case[] {
  const groups: [string, Case[]][] = [
    ["form", formCases(subject)],
    ["door", doorCases(subject)],
    ["proof", proofCases(subject)],
    ["arrivals", arrivalCases(subject)],
    ["send", sendCases(subject)],
  ];
  return groups.flatMap(([group, cases]) =>
    cases.map(({ name, run }) => ({ name: `${group}: ${name}`, run })),
  );
}
