import type { Selectable } from "kysely";
import type { Reader, Tx } from "./database.ts";
import type { IntegrationTable } from "./hook-tables.ts";

/** Systems that send texts by posting their own JSON, and what they posted last. */

export type StoredIntegration = Selectable<IntegrationTable>;

export interface IntegrationFields {
  name: string;
  preset: string;
  toPath: string;
  textPath: string;
  refPath: string;
  signingHeader: string;
  /** Sealed; the integration's id is the associated data. */
  signingSecret: string | null;
  outboundUrl: string | null;
  mirror: string;
  refIsKey: boolean;
  channelId: string | null;
  country: string | null;
  enabled: boolean;
}

function columns(fields: IntegrationFields) {
  return {
    name: fields.name,
    preset: fields.preset,
    to_path: fields.toPath,
    text_path: fields.textPath,
    ref_path: fields.refPath,
    signing_header: fields.signingHeader,
    signing_secret: fields.signingSecret,
    outbound_url: fields.outboundUrl,
    mirror: fields.mirror,
    ref_is_key: fields.refIsKey,
    channel_id: fields.channelId,
    country: fields.country,
    enabled: fields.enabled,
  };
}

export async function insertIntegration(
  tx: Tx,
  integration: IntegrationFields & { id: string; tenantId: string; tokenHash: Buffer; tokenHint: string },
): Promise<void> {
  await tx.q
    .insertInto("integrations")
    .values({
      id: integration.id,
      tenant_id: integration.tenantId,
      token_hash: integration.tokenHash,
      token_hint: integration.tokenHint,
      ...columns(integration),
    })
    .execute();
}

/** Replaces everything; `token` only where it is given. */
export async function replaceIntegration(
  tx: Tx,
  id: string,
  fields: IntegrationFields,
  token: { hash: Buffer; hint: string } | null,
): Promise<void> {
  await tx.q
    .updateTable("integrations")
    .set({
      ...columns(fields),
      ...(token && { token_hash: token.hash, token_hint: token.hint }),
      updated_at: new Date(),
    })
    .where("id", "=", id)
    .execute();
}

export async function integrationById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<StoredIntegration | null> {
  const row = await reader.q
    .selectFrom("integrations")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** Newest first. */
export function listIntegrations(
  reader: Reader,
  tenantId: string,
  before: string | null,
  limit: number,
): Promise<StoredIntegration[]> {
  let query = reader.q.selectFrom("integrations").selectAll().where("tenant_id", "=", tenantId);
  if (before !== null) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** With it go its posts and whom it has texted. */
export async function deleteIntegration(tx: Tx, id: string): Promise<void> {
  await tx.run("integrations-delete", "delete from integrations where id = $1", [id]);
}

/** Whose token has this hash. */
export async function integrationByToken(
  reader: Reader,
  hash: Buffer,
): Promise<(StoredIntegration & { tenantActive: boolean }) | null> {
  const rows = await reader.run<StoredIntegration & { tenantActive: boolean }>(
    "integrations-by-token",
    `select i.*, t.active as "tenantActive" from integrations i join tenants t on t.id = i.tenant_id
     where i.token_hash = $1`,
    [hash],
  );
  return rows[0] ?? null;
}

export interface NewPost {
  integrationId: string;
  status: number;
  error: string | null;
  found: Record<string, string | null>;
  messageId: string | null;
}

const POSTS_KEPT = 20;

/** Notes what was posted; only the last 20 are kept. */
export async function notePost(reader: Reader, post: NewPost): Promise<void> {
  await reader.run(
    "integrations-note-post",
    `with old as (
       delete from integration_posts where integration_id = $1 and id <= (
         select id from integration_posts where integration_id = $1 order by id desc offset ${POSTS_KEPT - 1} limit 1)
     )
     insert into integration_posts (integration_id, status, error, found, message_id) values ($1, $2, $3, $4, $5)`,
    [post.integrationId, post.status, post.error, JSON.stringify(post.found), post.messageId],
  );
}

export interface StoredPost {
  at: Date;
  status: number;
  error: string | null;
  found: Record<string, string | null>;
  messageId: string | null;
}

/** Newest first. */
export function lastPosts(reader: Reader, integrationId: string): Promise<StoredPost[]> {
  return reader.run(
    "integrations-posts",
    `select at, status, error, found, message_id as "messageId" from integration_posts
     where integration_id = $1 order by id desc limit ${POSTS_KEPT}`,
    [integrationId],
  );
}

/** Notes whom an integration has texted, so that answers can be told. */
export async function noteTalk(
  tx: Tx,
  talk: { tenantId: string; phone: string; channelId: string; integrationId: string },
): Promise<void> {
  await tx.run(
    "integrations-note-talk",
    `insert into integration_talks as t (tenant_id, phone, channel_id, integration_id) values ($1, $2, $3, $4)
     on conflict (tenant_id, phone, channel_id, integration_id) do update set at = now()`,
    [talk.tenantId, talk.phone, talk.channelId, talk.integrationId],
  );
}
