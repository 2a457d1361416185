import type { Reader, Tx } from "./database.ts";

/** Answers to writes that carried an Idempotency-Key, kept for a day so that a repeat does nothing again. */

/** A call that holds its key: nobody else may run it meanwhile. */
export interface IdempotencyClaim {
  tenantId: string;
  key: string;
  /** When the key was taken, ISO 8601: tells this holder from a later one. */
  since: string;
}

export interface KeptAnswer {
  status: number;
  /** Encrypted: answers may show secrets that are nowhere else in clear. */
  sealed: string;
}

export type ClaimResult =
  | { kind: "claimed"; claim: IdempotencyClaim }
  | { kind: "running" }
  | { kind: "other-request" }
  | { kind: "answered"; answer: KeptAnswer };

interface ClaimRow {
  taken: boolean;
  sameRequest: boolean | null;
  status: number | null;
  answer: { sealed: string } | null;
}

/**
 * Takes a key, in one statement. A key older than a day is free again. So is one whose holder took it more
 * than two minutes ago and has no answer: its process is gone, or its answer could not be kept.
 */
export async function claimKey(
  reader: Reader,
  request: { tenantId: string; key: string; requestHash: Buffer; now: Date },
): Promise<ClaimResult> {
  const { tenantId, key } = request;
  const since = request.now.toISOString();
  const rows = await reader.run<ClaimRow>(
    "idempotency-claim",
    `with prior as (
       select request_hash, status, answer from idempotency_keys where tenant_id = $1 and key = $2
     ), taken as (
       insert into idempotency_keys as i (tenant_id, key, request_hash, created_at)
       values ($1, $2, $3, $4::timestamptz)
       on conflict (tenant_id, key) do update
         set request_hash = excluded.request_hash, status = null, answer = null, created_at = excluded.created_at
         where i.created_at < excluded.created_at - interval '24 hours'
           or (i.status is null and i.request_hash = excluded.request_hash
             and i.created_at < excluded.created_at - interval '2 minutes')
       returning key
     )
     select t.key is not null as taken, p.request_hash = $3 as "sameRequest", p.status, p.answer
     from (select 1) one left join taken t on true left join prior p on true`,
    [tenantId, key, request.requestHash, since],
  );
  const row = rows[0];
  if (row?.taken) return { kind: "claimed", claim: { tenantId, key, since } };
  // Taken by another between our look and our insert: `prior` did not see it yet.
  if (!row || row.sameRequest === null) return { kind: "running" };
  if (!row.sameRequest) return { kind: "other-request" };
  if (row.status === null || row.answer === null) return { kind: "running" };
  return { kind: "answered", answer: { status: row.status, sealed: row.answer.sealed } };
}

/**
 * Keeps the answer of a call that still holds its key; answers false when it was taken over meanwhile. In the
 * transaction of the call itself, that also keeps the call from being done twice.
 */
export async function keepAnswer(
  reader: Reader | Tx,
  claim: IdempotencyClaim,
  answer: KeptAnswer,
): Promise<boolean> {
  const rows = await reader.run<{ kept: number }>(
    "idempotency-keep",
    `update idempotency_keys set status = $4, answer = jsonb_build_object('sealed', $5::text)
     where tenant_id = $1 and key = $2 and created_at = $3::timestamptz and status is null returning 1 as kept`,
    [claim.tenantId, claim.key, claim.since, answer.status, answer.sealed],
  );
  return rows.length > 0;
}

/** Frees the key of a call that came to nothing. */
export async function releaseKey(reader: Reader, claim: IdempotencyClaim): Promise<void> {
  await reader.run(
    "idempotency-release",
    `delete from idempotency_keys
     where tenant_id = $1 and key = $2 and created_at = $3::timestamptz and status is null`,
    [claim.tenantId, claim.key, claim.since],
  );
}
