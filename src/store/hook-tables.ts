import type { ColumnType, Generated } from "kysely";

/** The tables of webhooks and of systems that post texts, as Kysely sees them; part of `tables.ts`. */
export interface HookTables {
  endpoints: EndpointTable;
  endpoint_secrets: EndpointSecretTable;
  deliveries: DeliveryTable;
  hook_queue: HookQueueTable;
  hook_lanes: { endpoint_id: string; tenant_id: string; is_open: Generated<boolean> };
  message_callbacks: { tenant_id: string; message_id: string; endpoint_id: string; url: string };
  replays: ReplayTable;
  integrations: IntegrationTable;
  integration_posts: IntegrationPostTable;
  integration_talks: IntegrationTalkTable;
}

/** jsonb: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;

export interface EndpointTable {
  id: string;
  tenant_id: string;
  source: Generated<string>;
  source_id: string | null;
  url: string;
  types: Generated<string[]>;
  channel_ids: Generated<string[]>;
  format: Generated<string>;
  format_options: ColumnType<Record<string, unknown>, string | undefined, string>;
  enabled: Generated<boolean>;
  disabled_reason: string | null;
  rate: number | null;
  concurrency: Generated<number>;
  timeout_ms: Generated<number>;
  schedule: number[] | null;
  ordering: Generated<"none" | "key" | "endpoint">;
  on_exhausted: Generated<"hold" | "skip">;
  signing: Generated<"v1" | "v1a" | "both">;
  headers: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
}

export interface EndpointSecretTable {
  id: string;
  endpoint_id: string;
  kind: Generated<"symmetric" | "ed25519">;
  sealed: string;
  created_at: Generated<Date>;
  expires_at: Date | null;
}

export interface DeliveryTable {
  tenant_id: string;
  id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  message_id: string | null;
  origin: string;
  url: string | null;
  body: string | null;
  sequence: number | null;
  state: string;
  attempts: Json<Record<string, unknown>[]>;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

export interface HookQueueTable {
  id: string;
  tenant_id: string;
  endpoint_id: string;
  state: string;
  priority: number;
  next_at: Date;
  step: number;
  manual: boolean;
  order_key: string | null;
}

export interface ReplayTable {
  id: string;
  tenant_id: string;
  endpoint_id: string;
  since: Date;
  until: Date;
  types: string[];
  states: string;
  rate: number;
  state: Generated<string>;
  matched: number | null;
  queued: Generated<number>;
  skipped: Generated<number>;
  created_at: Generated<Date>;
  finished_at: Date | null;
  counted: Generated<unknown>;
  counted_at: Generated<Date | null>;
}

export interface IntegrationTable {
  id: string;
  tenant_id: string;
  name: string;
  preset: string;
  to_path: string;
  text_path: string;
  ref_path: string;
  token_hash: Buffer;
  token_hint: string;
  signing_header: string;
  signing_secret: string | null;
  outbound_url: string | null;
  mirror: string;
  ref_is_key: boolean;
  channel_id: string | null;
  country: string | null;
  enabled: boolean;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface IntegrationPostTable {
  integration_id: string;
  id: Generated<number>;
  at: Generated<Date>;
  status: number;
  error: string | null;
  found: Json<Record<string, string | null>>;
  message_id: string | null;
}

export interface IntegrationTalkTable {
  tenant_id: string;
  phone: string;
  channel_id: string;
  integration_id: string;
  at: Generated<Date>;
}
