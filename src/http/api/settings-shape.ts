import { z } from "zod";
import type { TenantSettings } from "../../domain/settings.ts";
import { CONSENT_LANGUAGES } from "../../domain/settings.ts";
import { closed, name, Revision, text, whole } from "./shapes.ts";

/** The settings of a tenant with their ranges. Every part may be left out: what is given is changed. */

const yesNo = z.boolean({ error: "must be true or false" });
const oneOf = <Value extends string>(...values: Value[]) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });
const word = name(40).refine((value) => !/\s/.test(value), "must be one word");

export const TimeZone = z
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

const Topic = closed({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "must be small letters, digits, - and _, at most 40"),
  name: name(40).describe("As it stands in replies"),
  words: z.array(name(40)).max(20).default([]).describe("Other words by which people call it"),
});

const ShortCode = z
  .string()
  .max(8)
  .regex(/^\d{3,8}$/, "must be a short code of 3 to 8 digits");

const MOST = 1_000_000_000;
const money = z.number({ error: "must be a number" }).min(0, "must not be negative").max(MOST);
const budget = {
  segments: whole(0, MOST).nullable().default(null).describe("null = no limit"),
  money: money.nullable().default(null).describe("null = no limit"),
};
const DayBudget = closed(budget);
const AddressBudget = closed({ ...budget, pricePerSegment: money.nullable().default(null) });

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
    languages: z
      .array(oneOf(...CONSENT_LANGUAGES))
      .max(CONSENT_LANGUAGES.length)
      .describe("Languages whose words of consent are understood; English always is"),
    stopScope: oneOf("all", "address").describe(
      "What a bare STOP covers. `address`: only the number that was texted; in the US the waiver of the rule that one opt-out ends every kind of text runs out on 31 January 2027",
    ),
    topics: z.array(Topic).max(100).describe("Subjects that people may leave one by one: STOP SNOW"),
  },
  rules: {
    enabled: yesNo,
    defaultReply: text(1600).nullable(),
  },
  guards: {
    answeredShortCodes: z
      .array(ShortCode)
      .max(200)
      .describe("Short codes that automatic replies may go to; they go to no others"),
  },
  budgets: {
    perDay: DayBudget.describe("All addresses together, in a day of the board's time zone"),
    perAddress: DayBudget.describe("Each address for itself"),
    perRule: DayBudget.describe("What each rule sends, whatever the address"),
    addresses: z
      .record(z.string().max(40), AddressBudget)
      .describe("Addresses with figures of their own, by address; given, it replaces the whole list"),
    pricePerSegment: money.nullable().describe("What a segment costs; null = budgets in money do not hold"),
    commandReplies: oneOf("pause", "leave").describe("Replies to commands once a budget is used up"),
  },
  retention: {
    commandLogDays: whole(30, 3650).nullable().describe("null = for ever"),
    redactAfterDays: whole(1, 3650).nullable().describe("null = never"),
    rawDays: whole(1, 365),
    messageDays: whole(1, 3650),
    mediaDays: whole(1, 3650).describe("Files of texts; never longer than the texts themselves"),
  },
  alerts: {
    email: z
      .email("must be an e-mail address")
      .max(320)
      .nullable()
      .describe(
        "Told by mail: a channel that does not send, an endpoint that fails, what a person should see",
      ),
  },
  messages: {
    queueSeconds: whole(0, 604_800).describe(
      "How long a text may wait when no channel can take it; 0 = it is refused with 503",
    ),
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

export const SettingsPatch = closed(
  {
    board: part(sections.board),
    commands: part(sections.commands),
    consent: part(sections.consent),
    rules: part(sections.rules),
    guards: part(sections.guards),
    budgets: part(sections.budgets),
    retention: part(sections.retention),
    alerts: part(sections.alerts),
    messages: part(sections.messages),
    texts: part(sections.texts),
  },
  ["revision"],
);
export type SettingsPatch = z.output<typeof SettingsPatch>;

const days = z.number();
const ShownBudget = z.object({ segments: z.number().nullable(), money: z.number().nullable() });

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
    languages: z.array(z.enum(CONSENT_LANGUAGES)),
    stopScope: z.enum(["all", "address"]),
    topics: z.array(z.object({ key: z.string(), name: z.string(), words: z.array(z.string()) })),
  }),
  rules: z.object({ enabled: z.boolean(), defaultReply: z.string().nullable() }),
  guards: z.object({ answeredShortCodes: z.array(z.string()) }),
  budgets: z.object({
    perDay: ShownBudget,
    perAddress: ShownBudget,
    perRule: ShownBudget,
    addresses: z.record(z.string(), ShownBudget.extend({ pricePerSegment: z.number().nullable() })),
    pricePerSegment: z.number().nullable(),
    commandReplies: z.enum(["pause", "leave"]),
  }),
  retention: z.object({
    commandLogDays: days.nullable(),
    redactAfterDays: days.nullable(),
    rawDays: days,
    messageDays: days,
    mediaDays: days,
  }),
  messages: z.object({ queueSeconds: z.number() }),
  alerts: z.object({ email: z.string().nullable() }),
  texts: z.object({ substitute: z.boolean(), dropAccents: z.boolean() }),
  revision: Revision,
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

/** The overrides with a zone that somebody chose, be it the one that is used without. */
export function withZone(overrides: Record<string, object>, timeZone: string | null): Record<string, object> {
  return timeZone === null ? overrides : { ...overrides, board: { ...overrides.board, timeZone } };
}
