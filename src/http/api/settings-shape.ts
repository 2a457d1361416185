import { z } from "zod";
import type { TenantSettings } from "../../domain/settings.ts";
import { closed, name, text, whole } from "./shapes.ts";

/** The settings of a tenant with their ranges. Every part may be left out: what is given is changed. */

const yesNo = z.boolean({ error: "must be true or false" });
const oneOf = <Value extends string>(...values: Value[]) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });
const word = name(40).refine((value) => !/\s/.test(value), "must be one word");

const TimeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, "must be an IANA time zone such as America/Los_Angeles")
  .describe("IANA zone in which replies and the board tell the time");

/** Offsets such as +01:00 are taken by `Intl`, but they are no zones: they know no summer. */
function isTimeZone(value: string): boolean {
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

const ConfirmationRule = closed({
  kind: name(60),
  field: name(60).nullable().default(null).describe("null = every change of the kind"),
  value: name(60).nullable().default(null),
  mode: oneOf("two_step", "pin"),
});

const sections = {
  board: {
    name: name(60),
    timeZone: TimeZone,
    contact: name(60).describe("Whom a person should ask: goes into replies as it stands"),
    public: yesNo,
    statusFooter: text(160).describe("A line put under STATUS; empty = none"),
  },
  commands: {
    confirmation: oneOf("immediate", "two_step"),
    confirmationRules: z.array(ConfirmationRule).max(200),
    undoWindowSeconds: whole(30, 600),
    promptSeconds: whole(60, 900),
    segmentsPerReply: whole(1, 4),
    linesPerPage: whole(3, 9),
    choicesPerMenu: whole(5, 50),
    alphabet: oneOf("gsm7", "automatic"),
    namesInReplies: yesNo,
    clock: oneOf("24h", "12h"),
    itemsPerText: whole(1, 200),
    allAllowed: yesNo,
    resemblance: oneOf("off", "ask", "act"),
    distinguishingWords: z.array(word).max(200),
    strangerReply: yesNo,
    strangerRepeatHours: whole(1, 168),
    fruitlessReplies: whole(1, 20),
    textsPerTenMinutes: whole(5, 600),
    optedOutCommands: oneOf("run", "hold"),
    pinTries: whole(2, 10),
    pinLockMinutes: whole(5, 1440),
    replyGivesUpMinutes: whole(1, 60),
    wording: z
      .record(z.string().max(60), text(1000).nullable())
      .describe("Overrides of reply texts by key; null takes one away"),
  },
  consent: {
    brand: name(60),
    purpose: name(120),
    support: name(120),
    extraStopWords: z.array(word).max(100),
  },
  rules: {
    enabled: yesNo,
    defaultReply: text(1600).nullable(),
  },
  retention: {
    commandLogDays: whole(30, 3650).nullable().describe("null = for ever"),
    redactAfterDays: whole(1, 3650).nullable().describe("null = never"),
    rawDays: whole(1, 365),
    messageDays: whole(1, 3650),
  },
  texts: {
    substitute: yesNo.describe(
      "Replace typographic characters that make a text cost double: curly quotes, long dashes, odd blanks ...",
    ),
    dropAccents: yesNo.describe(
      "Take accents off letters that the cheap alphabet lacks (á í ó ú ç ê ã õ ...); é à ñ ü and the like stay",
    ),
  },
};

const part = <Shape extends z.ZodRawShape>(shape: Shape) =>
  closed(z.object(shape).partial().shape).optional();

export const SettingsPatch = closed({
  board: part(sections.board),
  commands: part(sections.commands),
  consent: part(sections.consent),
  rules: part(sections.rules),
  retention: part(sections.retention),
  texts: part(sections.texts),
});
export type SettingsPatch = z.output<typeof SettingsPatch>;

const days = z.number();

/** What is answered: everything, defaults included. */
export const Settings = z.object({
  board: z.object({
    name: z.string(),
    timeZone: z.string(),
    contact: z.string(),
    public: z.boolean(),
    statusFooter: z.string(),
  }),
  commands: z.object({
    confirmation: z.enum(["immediate", "two_step"]),
    confirmationRules: z.array(
      z.object({
        kind: z.string(),
        field: z.string().nullable(),
        value: z.string().nullable(),
        mode: z.enum(["two_step", "pin"]),
      }),
    ),
    undoWindowSeconds: z.number(),
    promptSeconds: z.number(),
    segmentsPerReply: z.number(),
    linesPerPage: z.number(),
    choicesPerMenu: z.number(),
    alphabet: z.enum(["gsm7", "automatic"]),
    namesInReplies: z.boolean(),
    clock: z.enum(["24h", "12h"]),
    itemsPerText: z.number(),
    allAllowed: z.boolean(),
    resemblance: z.enum(["off", "ask", "act"]),
    distinguishingWords: z.array(z.string()),
    strangerReply: z.boolean(),
    strangerRepeatHours: z.number(),
    fruitlessReplies: z.number(),
    textsPerTenMinutes: z.number(),
    optedOutCommands: z.enum(["run", "hold"]),
    pinTries: z.number(),
    pinLockMinutes: z.number(),
    replyGivesUpMinutes: z.number(),
    wording: z.record(z.string(), z.string()),
  }),
  consent: z.object({
    brand: z.string(),
    purpose: z.string(),
    support: z.string(),
    extraStopWords: z.array(z.string()),
  }),
  rules: z.object({ enabled: z.boolean(), defaultReply: z.string().nullable() }),
  retention: z.object({
    commandLogDays: days.nullable(),
    redactAfterDays: days.nullable(),
    rawDays: days,
    messageDays: days,
  }),
  texts: z.object({ substitute: z.boolean(), dropAccents: z.boolean() }),
});

/** Lays what was given over what there is. Wordings are laid over each other one by one. */
export function mergeSettings(current: TenantSettings, patch: SettingsPatch): TenantSettings {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const [section, values] of Object.entries(current)) {
    merged[section] = { ...values, ...patch[section as keyof SettingsPatch] };
  }
  const wording = new Map(Object.entries(current.commands.wording));
  for (const [key, override] of Object.entries(patch.commands?.wording ?? {})) {
    if (override === null) wording.delete(key);
    else wording.set(key, override);
  }
  merged.commands = { ...merged.commands, wording: Object.fromEntries(wording) };
  return merged as unknown as TenantSettings;
}

/** Only what differs from the defaults: a default that improves later reaches those who never chose. */
export function overridesOf(settings: TenantSettings, defaults: TenantSettings): Record<string, object> {
  const overrides: Record<string, object> = {};
  for (const [section, values] of Object.entries(settings)) {
    const usual = defaults[section as keyof TenantSettings] as unknown as Record<string, unknown>;
    const own = Object.entries(values).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]),
    );
    if (own.length > 0) overrides[section] = Object.fromEntries(own);
  }
  return overrides;
}
