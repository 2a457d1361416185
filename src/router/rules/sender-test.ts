import type { FromPart } from "../../domain/from-filter.ts";
import { plainSender, readFromFilter } from "../../domain/from-filter.ts";
import type { RuleTools, SenderTest } from "./types.ts";

/** Whether a sender passes the filter of a rule. A filter with nothing in it lets everybody in. */
export function compileSender(filter: string | null, tools: RuleTools): SenderTest {
  const tests = readFromFilter(filter ?? "").map((part) => compilePart(part, tools));
  if (tests.length === 0) return () => true;
  return (from) => tests.some((test) => test(from));
}

function compilePart(part: FromPart, tools: RuleTools): SenderTest {
  switch (part.kind) {
    case "regex": {
      const match = tools.regex(part.pattern);
      return (from) => match(from) !== null;
    }
    case "wildcard":
      // With and without the plus: people leave it out.
      return (from) =>
        fits(part.text, plainSender(from)) || fits(part.text, plainSender(from).replace("+", ""));
    case "part":
      return (from) => plainSender(from).includes(part.text);
  }
}

/**
 * `*` stands for any signs, `?` for one. Goes back to the last star only, so that no pattern takes longer than
 * its length times that of the sender.
 */
function fits(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (pattern[p] === "?" || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
