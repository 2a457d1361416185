import type { ActiveChannel, ChannelProvider } from "../../channels/types.ts";
import type { BoardItem, Kind } from "../../domain/board.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Database, Reader } from "../../store/database.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import type { SecretBox } from "../../tools/secrets.ts";

/** What the API is given. Rooms it may not import (router, delivery, workers) come in as functions. */
export interface ApiDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  version: string;
  publicUrl: () => string;
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
  hashPin: (reporterId: string, pin: string) => string;
  /** What a text would do; changes nothing. */
  preview: (reader: Reader, request: { tenantId: string; from: string; text: string }) => Promise<Preview>;
  /** Verbs, names and aliases that collide with words that have a meaning of their own. */
  boardWarnings: (kinds: Kind[], items: BoardItem[]) => string[];
  /** Why an override of a reply text is no good; null = it is. */
  validateWording: (key: string, text: string) => string | null;
  /** Something is in the inbox, or in the outbox: the workers should look. */
  wakeInbox: () => void;
  wakeOutbox: () => void;
  /** Called after each commit that wrote events, by this process. Answers how to unsubscribe. */
  onEvents: (listener: () => void) => () => void;
  /** Call it after each commit of one's own that wrote events: those who listen live get them at once. */
  eventsWritten: () => void;
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
