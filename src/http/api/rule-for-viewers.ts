import type { z } from "zod";
import { maskPhones } from "../../tools/log.ts";
import { revisionOf } from "./revisions.ts";
import type { RuleView } from "./rule-shape.ts";

type Rule = z.input<typeof RuleView>;

/**
 * A rule as viewers see it, who see no people: numbers and mail addresses are told apart but not told, and of an
 * address that is called only the host. What follows may be as good as a key, as with the hooks of chat programs.
 */
export function forViewers({ revision: _ofHidden, ...rule }: Rule): Rule {
  const shown = {
    ...rule,
    from: rule.from === null ? null : maskPhones(rule.from),
    actions: rule.actions.map((action) => ({
      ...action,
      ...(typeof action.url === "string" && { url: hostOf(action.url) }),
      ...(typeof action.to === "string" && { to: action.to.replace(/[^\s,;<>@]+@/g, "…@") }),
    })),
  };
  // What is hidden could be tried out against a revision that covers it.
  return { ...shown, revision: revisionOf(shown) };
}

function hostOf(url: string): string {
  const read = URL.parse(url);
  return read ? `${read.origin}/…` : "…";
}
