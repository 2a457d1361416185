import { keepEvidence } from "./consent.ts";
import type { Reader, Tx } from "./database.ts";

/*
 * What a provider refuses to carry to a person, channel by channel. It lies beneath consent: consent is what the
 * person wants of us, a block is what the route does about it, and only the person can lift it, by texting START
 * through that very channel. Both are told in one line of evidence, `consent_events`.
 */

export interface RouteToPerson {
  tenantId: string;
  phone: string;
  channelId: string;
}

export interface NewBlock extends RouteToPerson {
  /** The channel's own number. */
  address: string;
  code: string;
  messageId: string | null;
  at: Date;
}

/** Marks the route as blocked. `tell`: the log has not heard of this person for a day. */
export async function blockRoute(tx: Tx, block: NewBlock): Promise<{ tell: boolean }> {
  const { tenantId, phone, channelId, address, code, messageId, at } = block;
  const [prior] = await tx.run<{ isBlocked: boolean; wasTold: boolean }>(
    "blocks-prior",
    `select lifted_at is null as "isBlocked",
       coalesce(logged_at > $4::timestamptz - interval '1 day', false) as "wasTold"
     from provider_blocks where tenant_id = $1 and phone = $2 and channel_id = $3 for update`,
    [tenantId, phone, channelId, at],
  );
  const tell = !prior?.wasTold;
  await tx.run(
    "blocks-block",
    `insert into provider_blocks as b (tenant_id, phone, channel_id, code, message_id, since, last_seen_at, logged_at)
     values ($1, $2, $3, $4, $5, $6, $6, $6)
     on conflict (tenant_id, phone, channel_id) do update set code = $4, message_id = $5, last_seen_at = $6,
       since = case when b.lifted_at is null then b.since else $6 end, lifted_at = null,
       logged_at = case when $7 then $6 else b.logged_at end`,
    [tenantId, phone, channelId, code, messageId, at, tell],
  );
  if (!prior?.isBlocked) {
    const line = { tenantId, phone, address, channelId, word: code, text: null, messageId, at };
    await keepEvidence(tx, { ...line, action: "block", method: "provider_block" });
  }
  return { tell };
}

/** The route is open again, because of a word that the person sent through it. */
export async function liftBlock(
  tx: Tx,
  lift: RouteToPerson & {
    address: string;
    word: string;
    text: string | null;
    messageId: string | null;
    at: Date;
  },
): Promise<void> {
  await tx.run(
    "blocks-lift",
    `update provider_blocks set lifted_at = $4
     where tenant_id = $1 and phone = $2 and channel_id = $3 and lifted_at is null`,
    [lift.tenantId, lift.phone, lift.channelId, lift.at],
  );
  await keepEvidence(tx, { ...lift, action: "lift", method: "text_word" });
}

/** Whether the person opened this route again after that moment: a refusal from before it is old news. */
export async function liftedSince(tx: Tx, route: RouteToPerson, since: Date): Promise<boolean> {
  const rows = await tx.run(
    "blocks-lifted-since",
    `select 1 from consent_events where tenant_id = $1 and phone = $2 and channel_id = $3 and action = 'lift'
       and received_at > $4 limit 1`,
    [route.tenantId, route.phone, route.channelId, since],
  );
  return rows.length > 0;
}

/** When a text last left for its provider; null: nothing is known of a try. */
export async function lastLeftAt(tx: Tx, tenantId: string, messageId: string): Promise<Date | null> {
  const rows = await tx.run<{ at: Date | null }>(
    "blocks-left-at",
    `select max((a->>'at')::timestamptz) as at from messages m cross join lateral jsonb_array_elements(m.attempts) a
     where m.tenant_id = $1 and m.id = $2 and a->>'outcome' not in ('moved', 'found')`,
    [tenantId, messageId],
  );
  return rows[0]?.at ?? null;
}

/**
 * Whether a refusal on this route follows from an opt-out that the person has taken back since by another way:
 * texted START to another number, signed a form. The route does not know of that.
 */
export async function isOutlived(tx: Tx, route: RouteToPerson, address: string): Promise<boolean> {
  const rows = await tx.run<{ outlived: boolean }>(
    "blocks-outlived",
    `with mine as (
       select id, action, address, channel_id from consent_events where tenant_id = $1 and phone = $2
     ), restored as (
       select max(id) as id from mine where action = 'restore' and address in ('*', $4)
     ), lifted as (
       select coalesce(max(id), 0) as id from mine where action = 'lift' and channel_id = $3
     )
     select coalesce(l.id < r.id and exists (
       select 1 from mine m where m.id < r.id and m.id > l.id
         and (m.action = 'revoke' and m.address in ('*', $4) or m.action = 'block' and m.channel_id = $3)
     ), false) as outlived
     from restored r cross join lifted l`,
    [route.tenantId, route.phone, route.channelId, address],
  );
  return rows[0]?.outlived ?? false;
}

/** Whether the log should tell that this route is blocked: once per person and day. */
export async function tellBlockToday(reader: Reader, route: RouteToPerson, at: Date): Promise<boolean> {
  const rows = await reader.run(
    "blocks-tell",
    `update provider_blocks set logged_at = $4
     where tenant_id = $1 and phone = $2 and channel_id = $3
       and (logged_at is null or logged_at < $4::timestamptz - interval '1 day') returning 1 as one`,
    [route.tenantId, route.phone, route.channelId, at],
  );
  return rows.length > 0;
}

export const PROVIDER_BLOCKED = {
  code: "provider_blocked",
  providerCode: null,
  text: "The provider does not carry texts to this person until they text START to this number.",
  fault: "recipient",
} as const;
