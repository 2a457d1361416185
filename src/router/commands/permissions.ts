import type { BoardItem, Reporter } from "../../domain/board.ts";
import type { CommandSettings } from "../../domain/settings.ts";
import { clean } from "./tokens.ts";

/** Whether a person may change an item. */
export type MayChange = (item: BoardItem) => boolean;

/**
 * Reads a reporter's permissions: `*`, a kind, `kind:area=North`, `kind:item=itm_...`, `*:area=North`. The
 * union counts; what cannot be read permits nothing.
 */
export function permissionsOf(reporter: Reporter): MayChange {
  if (!reporter.active) return () => false;
  const rules = reporter.permissions.flatMap((permission) => ruleOf(permission) ?? []);
  return (item) => rules.some((rule) => rule(item));
}

function ruleOf(permission: string): MayChange | null {
  const colon = permission.indexOf(":");
  const kind = (colon < 0 ? permission : permission.slice(0, colon)).trim();
  if (kind === "") return null;
  const ofKind: MayChange = (item) => kind === "*" || item.kind === kind;
  if (colon < 0) return ofKind;
  const [key = "", ...rest] = permission.slice(colon + 1).split("=");
  const value = rest.join("=").trim();
  if (value === "") return null;
  if (key.trim() === "item") return (item) => ofKind(item) && item.id === value;
  if (key.trim() === "area") {
    const area = plain(value);
    const known = new Map<string, boolean>();
    return (item) => {
      if (item.area === null || !ofKind(item)) return false;
      let same = known.get(item.area);
      if (same === undefined) {
        same = plain(item.area) === area;
        known.set(item.area, same);
      }
      return same;
    };
  }
  return null;
}

function plain(area: string): string {
  return clean(area).replace(/\s+/g, " ").trim();
}

/** How a change must be confirmed, the weakest first. */
export type Mode = "immediate" | "two_step" | "pin";

const STRENGTH: Record<Mode, number> = { immediate: 0, two_step: 1, pin: 2 };

export function stronger(one: Mode, other: Mode): Mode {
  return STRENGTH[one] >= STRENGTH[other] ? one : other;
}

/** A rule for the kind or verb always holds; else the reporter's own setting, else the global one. */
export function modeOf(
  change: { kind: string; field: string; value: string },
  settings: CommandSettings,
  reporter: Reporter,
): Mode {
  let ruled: Mode | null = null;
  for (const rule of settings.confirmationRules) {
    if (rule.kind !== change.kind && rule.kind !== "*") continue;
    if (rule.field !== null && rule.field !== change.field) continue;
    if (rule.value !== null && rule.value !== change.value) continue;
    ruled = ruled ? stronger(ruled, rule.mode) : rule.mode;
  }
  return ruled ?? reporter.confirmation ?? settings.confirmation;
}
