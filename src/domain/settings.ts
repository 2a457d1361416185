import type { PlainSwitches } from "./sms-plain.ts";

/** What a tenant decides. Ranges and defaults: the `Settings` schema in http/api, docs/settings.md. */
export interface TenantSettings {
  board: BoardSettings;
  commands: CommandSettings;
  consent: ConsentSettings;
  rules: { enabled: boolean; defaultReply: string | null };
  guards: GuardSettings;
  budgets: BudgetSettings;
  /** Where the people of the account want to be told what is wrong; null = nowhere. */
  alerts: { email: string | null };
  retention: RetentionSettings;
  /** `queueSeconds`: how long a text may wait when no channel can take it; 0 = it is refused at once. */
  messages: { queueSeconds: number };
  /** Texts that people write: what becomes of characters that double the price. */
  texts: PlainSwitches;
}

export interface BoardSettings {
  name: string;
  /** IANA zone in which replies tell the time. */
  timeZone: string;
  /** Who a person should ask: goes into replies as it stands. */
  contact: string;
  public: boolean;
  /** A line put under STATUS, e.g. the weather; empty = none. */
  statusFooter: string;
}

export interface CommandSettings {
  confirmation: "immediate" | "two_step";
  /** Per kind, or kind and value: `{kind, field, value}` with field and value null = every change of the kind. */
  confirmationRules: ConfirmationRule[];
  undoWindowSeconds: number;
  promptSeconds: number;
  segmentsPerReply: number;
  linesPerPage: number;
  choicesPerMenu: number;
  alphabet: "gsm7" | "automatic";
  namesInReplies: boolean;
  clock: "24h" | "12h";
  itemsPerText: number;
  allAllowed: boolean;
  resemblance: "off" | "ask" | "act";
  distinguishingWords: string[];
  strangerReply: boolean;
  strangerRepeatHours: number;
  fruitlessReplies: number;
  textsPerTenMinutes: number;
  optedOutCommands: "run" | "hold";
  pinTries: number;
  pinLockMinutes: number;
  replyGivesUpMinutes: number;
  /** Overrides of the reply catalogue by key. */
  wording: Record<string, string>;
}

export interface ConfirmationRule {
  kind: string;
  field: string | null;
  value: string | null;
  mode: "two_step" | "pin";
}

export interface ConsentSettings {
  brand: string;
  purpose: string;
  support: string;
  /** Words besides the built-in ones that opt a person out, e.g. ARRET. */
  extraStopWords: string[];
  /** Languages whose words and wordings are understood; English always is. */
  languages: ConsentLanguageKey[];
  /** What a bare STOP covers: every address, or the one that was texted. */
  stopScope: "all" | "address";
  /** Subjects that people may leave one by one: "STOP SNOW". */
  topics: Topic[];
}

export const CONSENT_LANGUAGES = ["en", "es", "fr", "pt", "de"] as const;
type ConsentLanguageKey = (typeof CONSENT_LANGUAGES)[number];

export interface Topic {
  key: string;
  /** As it stands in replies. */
  name: string;
  /** Other words by which people call it. */
  words: string[];
}

export interface GuardSettings {
  /** Short codes that automatic replies may go to; they go to no others. */
  answeredShortCodes: string[];
}

/** What may be spent in a day of the board's time zone. */
export interface BudgetSettings {
  /** All addresses together. */
  perDay: DayBudget;
  /** Each address for itself. */
  perAddress: DayBudget;
  /** What each rule may send. */
  perRule: DayBudget;
  /** Addresses with figures of their own, by address. */
  addresses: Record<string, DayBudget & { pricePerSegment: number | null }>;
  /** What a segment costs, in any currency; null = not known, and budgets in money do not hold. */
  pricePerSegment: number | null;
  /** What becomes of replies to commands when a budget is used up. */
  commandReplies: "pause" | "leave";
}

export interface DayBudget {
  segments: number | null;
  money: number | null;
}

export interface RetentionSettings {
  commandLogDays: number | null;
  redactAfterDays: number | null;
  rawDays: number;
  messageDays: number;
  mediaDays: number;
}

export function defaultSettings(name: string): TenantSettings {
  return {
    board: {
      name,
      timeZone: "UTC",
      contact: "the office",
      public: true,
      statusFooter: "",
    },
    commands: {
      confirmation: "immediate",
      confirmationRules: [],
      undoWindowSeconds: 120,
      promptSeconds: 300,
      segmentsPerReply: 2,
      linesPerPage: 5,
      choicesPerMenu: 20,
      alphabet: "gsm7",
      namesInReplies: true,
      clock: "24h",
      itemsPerText: 50,
      allAllowed: true,
      resemblance: "act",
      distinguishingWords: [],
      strangerReply: true,
      strangerRepeatHours: 24,
      fruitlessReplies: 5,
      textsPerTenMinutes: 60,
      optedOutCommands: "run",
      pinTries: 3,
      pinLockMinutes: 15,
      replyGivesUpMinutes: 10,
      wording: {},
    },
    consent: {
      brand: name,
      purpose: "operations by text",
      support: "the office",
      extraStopWords: [],
      languages: ["en"],
      stopScope: "all",
      topics: [],
    },
    rules: { enabled: true, defaultReply: null },
    guards: { answeredShortCodes: [] },
    budgets: {
      perDay: { segments: null, money: null },
      perAddress: { segments: null, money: null },
      perRule: { segments: null, money: null },
      addresses: {},
      pricePerSegment: null,
      commandReplies: "pause",
    },
    retention: { commandLogDays: 365, redactAfterDays: null, rawDays: 7, messageDays: 365, mediaDays: 90 },
    messages: { queueSeconds: 0 },
    alerts: { email: null },
    texts: { substitute: false, dropAccents: false },
  };
}
