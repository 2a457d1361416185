import { createContext, useContext } from "react";
import type { Settings, SettingsPatch } from "./shapes.ts";

/**
 * What was changed on the page and not saved, laid over what is kept: when somebody else changes a setting
 * meanwhile, it is seen here, and what was typed stays.
 */
export interface SettingsForm {
  saved: Settings;
  /** By path, e.g. `board.name`. */
  changes: Record<string, unknown>;
  /** What the API did not like, by path. */
  faults: Record<string, string>;
  isReadOnly: boolean;
  set(path: string, value: unknown): void;
}

const Context = createContext<SettingsForm | null>(null);
export const SettingsFormProvider = Context.Provider;

export function useSettingsForm(): SettingsForm {
  const form = useContext(Context);
  if (!form) throw new Error("a setting was drawn outside of its form");
  return form;
}

export interface SettingState<Value> {
  value: Value;
  set: (value: Value) => void;
  error: string | undefined;
  isReadOnly: boolean;
}

export function useSetting<Value>(path: string): SettingState<Value> {
  const { saved, changes, faults, isReadOnly, set } = useSettingsForm();
  const value = (path in changes ? changes[path] : savedAt(saved, path)) as Value;
  return { value, set: (next) => set(path, next), error: faultAt(faults, path), isReadOnly };
}

/** Of a list, what is wrong with its parts is said as well. */
function faultAt(faults: Record<string, string>, path: string): string | undefined {
  if (faults[path] || path.startsWith(WORDING)) return faults[path];
  const below = Object.entries(faults).filter(([key]) => key.startsWith(`${path}.`));
  if (below.length === 0) return undefined;
  return below.map(([key, message]) => `${placeOf(key.slice(path.length + 1))}: ${message}`).join(" ");
}

/** `0.words` → "row 1, words". */
function placeOf(path: string): string {
  return path.replace(/^\d+/, (index) => `row ${Number(index) + 1}`).replaceAll(".", ", ");
}

/** Own wordings are settings each: two people may write two of them at the same time. Their keys have points. */
export const WORDING = "commands.wording.";

export function savedAt(saved: Settings, path: string): unknown {
  if (path.startsWith(WORDING)) return saved.commands.wording[path.slice(WORDING.length)] ?? null;
  const [section = "", key = ""] = path.split(".");
  return (saved as unknown as Record<string, Record<string, unknown>>)[section]?.[key];
}

/** The changes with this one among them; a value that is as it was is none. */
export function withChange(
  saved: Settings,
  changes: Record<string, unknown>,
  path: string,
  value: unknown,
): Record<string, unknown> {
  const { [path]: _before, ...others } = changes;
  return isSame(savedAt(saved, path), value) ? others : { ...others, [path]: value };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What is sent: only what was changed. An own wording that was taken away is `null`. */
export function patchOf(changes: Record<string, unknown>): SettingsPatch {
  const patch: Record<string, Record<string, unknown>> = {};
  const wording: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(changes)) {
    const [section = "", key = ""] = path.split(".");
    if (path.startsWith(WORDING)) wording[path.slice(WORDING.length)] = value;
    else patch[section] = { ...patch[section], [key]: value };
  }
  if (Object.keys(wording).length > 0) patch.commands = { ...patch.commands, wording };
  return patch as SettingsPatch;
}
