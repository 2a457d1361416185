import { DEFAULT_COOLDOWN } from "../../../../src/domain/rule.ts";
import { api, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import type { NewRule, Rule } from "../../api/shapes.ts";

/** A rule while a person works on it. */
export interface RuleDraft {
  name: string;
  enabled: boolean;
  match: Rule["match"];
  from: string;
  channelId: string;
  cooldownSeconds: number;
  shortCodes: boolean;
  actions: ActionDraft[];
}

export interface ActionDraft {
  /** Its place in the list of the form, whatever moves. */
  key: number;
  type: string;
  values: Record<string, string>;
  endpointId?: string;
}

export type SavedRule = Rule & { warnings: string[] };

let lastKey = 0;

export function newAction(type: string, values: Record<string, string> = {}): ActionDraft {
  lastKey += 1;
  return { key: lastKey, type, values };
}

export const BLANK: Omit<RuleDraft, "actions"> = {
  name: "",
  enabled: true,
  match: { type: "contains", pattern: "", wholeWord: false },
  from: "",
  channelId: "",
  cooldownSeconds: DEFAULT_COOLDOWN,
  shortCodes: false,
};

/** What the API shows of an action beside its values. A secret stays as it is when nothing new is typed. */
const SHOWN = ["type", "endpointId", "secret", "secretSet"];

export function draftOf(rule: Rule): RuleDraft {
  const { name, enabled, match, cooldownSeconds, shortCodes } = rule;
  return {
    ...{ name, enabled, match, cooldownSeconds, shortCodes },
    from: rule.from ?? "",
    channelId: rule.channelId ?? "",
    actions: rule.actions.map((action) => {
      const values = Object.entries(action).filter(([key]) => !SHOWN.includes(key));
      const draft = newAction(
        action.type,
        Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
      );
      return action.endpointId === undefined ? draft : { ...draft, endpointId: action.endpointId };
    }),
  };
}

/** How a rule is saved. */
export function ruleOrder(id: string | null, draft: RuleDraft) {
  const body = bodyOf(draft);
  return {
    body,
    read: ({ id }: Rule) => take(api.GET("/v1/rules/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<SavedRule> =>
      id === null
        ? take(api.POST("/v1/rules", { body }))
        : take(api.PATCH("/v1/rules/{id}", { params: { path: { id } }, body, ...guard })),
  };
}

export function makeRule(draft: RuleDraft): Promise<SavedRule> {
  return take(api.POST("/v1/rules", { body: bodyOf(draft) }));
}

function bodyOf(draft: RuleDraft): NewRule {
  const actions = draft.actions.map(({ type, endpointId, values }) => {
    const given = Object.entries(values).filter(([key, value]) => key !== "secret" || value !== "");
    // A corrected address is the same endpoint: what waits goes there.
    return { type, ...(endpointId !== undefined && { endpointId }), ...Object.fromEntries(given) };
  });
  return {
    ...draft,
    from: draft.from.trim() || null,
    channelId: draft.channelId || null,
    actions: actions as NewRule["actions"],
  };
}

/** Secrets of addresses that were made by this very answer. */
export function freshSecrets(saved: SavedRule): { label: string; value: string }[] {
  return saved.actions.flatMap(({ secret, url }) =>
    typeof secret === "string" && !secret.startsWith("•")
      ? [{ label: `Signing secret of ${String(url)}`, value: secret }]
      : [],
  );
}

/** Warnings by the field they are about; what is about the whole rule stands under "". */
export function warningsByPath(warnings: readonly string[]): Record<string, string[]> {
  const byPath: Record<string, string[]> = {};
  for (const warning of warnings) {
    const [, path, text] = /^(actions\.\d+\.\w+): (.*)$/s.exec(warning) ?? [];
    const about = path ?? (/^(?:STOP|START|HELP|The pattern)\b/.test(warning) ? "match.pattern" : "");
    byPath[about] = [...(byPath[about] ?? []), text ?? warning];
  }
  return byPath;
}
