import type { ActiveChannel, ChannelProvider } from "../../channels/types.ts";
import type { BoardItem, Kind } from "../../domain/board.ts";
import type { HubEvent } from "../../domain/events.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { ActionSpec } from "../../domain/rule.ts";
import type { TenantSettings } from "../../domain/settings.ts";
import type { ConsentChange } from "../../store/consent.ts";
import type { Database, Reader, Tx } from "../../store/database.ts";
import type { NewArrival } from "../../store/inbox.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import type { SecretBox } from "../../tools/secrets.ts";
import type { Sessions } from "../sessions.ts";

/** What the API is given. Rooms it may not import (router, delivery, workers) come in as functions. */
export interface ApiDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  version: string;
  publicUrl: () => string;
  /** People who are signed in. */
  sessions: Sessions;
  isDevelopment: boolean;
  box: SecretBox;
  providers: Map<string, ChannelProvider>;
  channels: {
    byId(id: string): ActiveChannel | null;
    ofTenant(tenantId: string): ActiveChannel[];
    defaultOf(tenantId: string): ActiveChannel | null;
    refresh(): Promise<void>;
  };
  /** Sends per second and overlap a channel's lane gets. */
  laneOf: (provider: ChannelProvider, rate: number | null) => { rate: number | null; concurrency: number };
  /** Calls the provider without sending anything. */
  probe: (channel: ActiveChannel) => Promise<Outcome>;
  /** When something came in last by each channel; `flush` before it is read. */
  activity: { note(arrivals: NewArrival[]): void; flush(): Promise<void> };
  /** Bytes free and in all where the data lies; null = it cannot be told. */
  disk: () => Promise<{ free: number; total: number } | null>;
  hashPin: (reporterId: string, pin: string) => string;
  /** What a text would do; changes nothing. */
  preview: (reader: Reader, request: { tenantId: string; from: string; text: string }) => Promise<Preview>;
  /** What a text would do with the rules, and why; changes nothing. `to` null: the default channel. */
  testRules: (
    reader: Reader,
    request: { tenantId: string; from: string; to: string | null; text: string },
  ) => Promise<RuleTest>;
  /** What kinds of actions rules may have. */
  ruleActions: ActionSpec[];
  /** Which consent answers a text before rules are asked; null = none. */
  consentWordOf: (text: string, settings: TenantSettings) => "STOP" | "START" | "HELP" | null;
  /** Whether mails leave: a mail server is known. */
  sendsMail: boolean;
  /** Verbs, names and aliases that collide with words that have a meaning of their own. */
  boardWarnings: (kinds: Kind[], items: BoardItem[]) => string[];
  /** Writes a change of consent and answers the events to tell. */
  changeConsent: (tx: Tx, change: ConsentOrder) => Promise<HubEvent[]>;
  /** Every text that Signalbox answers with, and what an override of it may name. */
  replyTexts: () => { key: string; text: string; variables: string[] }[];
  /** Why an override of a reply text is no good; null = it is. */
  validateWording: (key: string, text: string) => string | null;
  /** Whether an address of the user's may be called; `text` says why not. */
  checkTarget: (url: string) => { ok: true } | { ok: false; text: string };
  /** How events can be written down for endpoints. */
  formats: { format: string; isNative: boolean; timeoutMs: number }[];
  /** What a receiver checks the signatures of a `whsk_` secret with; null for any other text. */
  publicKeyOf: (secret: string) => string | null;
  /** Something is in the inbox, in the outbox, or for endpoints: the workers should look. */
  wakeInbox: () => void;
  wakeOutbox: () => void;
  wakeHooks: () => void;
  /** Called after each commit that wrote events, by this process. Answers how to unsubscribe. */
  onEvents: (listener: () => void) => () => void;
  /** Call it after each commit of one's own that wrote events: those who listen live get them at once. */
  eventsWritten: () => void;
}

export interface RuleTest {
  /** The master switch. */
  enabled: boolean;
  takenBy: "consent" | "guard" | "command" | "keyword" | "rule" | "default" | "nobody";
  outcome: string;
  /** The first rule that fits, also where somebody else takes the text before it comes to rules. */
  matched: { id: string; name: string; priority: number } | null;
  actions: RuleTestAction[];
  others: { id: string; name: string; priority: number; reason: string }[];
  counts: { [reason: string]: number };
  trace: string[];
}

/** What would happen; `withheld` tells why it would not leave. */
export interface RuleTestAction {
  type: string;
  text?: string;
  segments?: number;
  to?: string;
  subject?: string;
  body?: string;
  url?: string;
  withheld: string | null;
}

/** A change of consent that a person recorded. */
export interface ConsentOrder extends ConsentChange {
  contactId: string | null;
  /** The number of ours it is about. */
  channelAddress: string;
  keyword: null;
  source: "operator";
}

export interface Preview {
  outcome: string;
  class: string;
  reporter: { id: string; name: string } | null;
  meaning: object;
  changes: { itemId: string; item: string; field: string; from: string | null; to: string | null }[];
  replies: { key: string; text: string; withheld: string | null }[];
  trace: string[];
}
