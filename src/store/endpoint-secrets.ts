import type { Selectable } from "kysely";
import type { Reader, Tx } from "./database.ts";
import type { EndpointSecretTable } from "./hook-tables.ts";

/**
 * Secrets of endpoints. Which of them sign is read at each signing, by the database's clock: nothing has to run
 * to end an old one.
 */

export type StoredSecret = Selectable<EndpointSecretTable>;

/** Those that sign now, newest first; the current one has no end. */
export function liveSecrets(reader: Reader, endpointIds: string[]): Promise<StoredSecret[]> {
  return reader.run(
    "endpoint-secrets-live",
    `select * from endpoint_secrets where endpoint_id = any($1) and (expires_at is null or expires_at > now())
     order by endpoint_id, expires_at is not null, created_at desc, id desc`,
    [endpointIds],
  );
}

export async function insertSecret(
  tx: Tx,
  secret: {
    id: string;
    endpointId: string;
    kind: "symmetric" | "ed25519";
    sealed: string;
    expiresAt?: Date;
    /** Of a copy: which one is older stays as it was. */
    createdAt?: Date;
  },
): Promise<void> {
  await tx.q
    .insertInto("endpoint_secrets")
    .values({
      id: secret.id,
      endpoint_id: secret.endpointId,
      kind: secret.kind,
      sealed: secret.sealed,
      expires_at: secret.expiresAt ?? null,
      ...(secret.createdAt && { created_at: secret.createdAt }),
    })
    .execute();
}

/**
 * Lets the current secrets of some kinds sign for so many hours more, at most; 0 ends them now. Ends already set
 * are only ever brought forward.
 */
export async function endCurrentSecrets(
  tx: Tx,
  endpointIds: string[],
  kinds: ("symmetric" | "ed25519")[],
  hours: number,
): Promise<Date | null> {
  const rows = await tx.run<{ until: Date }>(
    "endpoint-secrets-end",
    `update endpoint_secrets
     set expires_at = least(coalesce(expires_at, 'infinity'), now() + $3 * interval '1 hour')
     where endpoint_id = any($1) and kind = any($2) returning expires_at as until`,
    [endpointIds, kinds, hours],
  );
  await dropEnded(tx, endpointIds);
  const ends = rows.map(({ until }) => until.getTime());
  return hours > 0 && ends.length > 0 ? new Date(Math.max(...ends)) : null;
}

/** Only the current secrets sign from now on. Answers whether others did. */
export async function endOldSecrets(tx: Tx, endpointIds: string[]): Promise<boolean> {
  const rows = await tx.run(
    "endpoint-secrets-switch",
    `delete from endpoint_secrets where endpoint_id = any($1) and expires_at is not null
     returning expires_at > now() as live`,
    [endpointIds],
  );
  return rows.length > 0;
}

/** No secret at all: nothing is signed any more. */
export async function dropSecrets(tx: Tx, endpointIds: string[]): Promise<void> {
  await tx.run("endpoint-secrets-drop", "delete from endpoint_secrets where endpoint_id = any($1)", [
    endpointIds,
  ]);
}

async function dropEnded(tx: Tx, endpointIds: string[]): Promise<void> {
  await tx.run(
    "endpoint-secrets-ended",
    "delete from endpoint_secrets where endpoint_id = any($1) and expires_at <= now()",
    [endpointIds],
  );
}
