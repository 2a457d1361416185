import type { Reader, Tx } from "./database.ts";

/** Links by which somebody chooses a new password. Only the hashes of their tokens are kept. */

/** Adds one. Those of before stay good: whoever asks for another must not be able to end them. */
export async function insertPasswordLink(
  tx: Tx,
  link: { tokenHash: Buffer; userId: string; madeBy: string; expiresAt: Date },
): Promise<void> {
  const { tokenHash, userId, madeBy, expiresAt } = link;
  await tx.q
    .insertInto("password_links")
    .values({ token_hash: tokenHash, user_id: userId, made_by: madeBy, expires_at: expiresAt })
    .execute();
}

export interface OpenPasswordLink {
  userId: string;
  name: string;
  email: string;
  madeBy: string;
}

/** Whom a link is for; null = unknown, used, or expired. */
export async function openPasswordLink(
  reader: Reader,
  tokenHash: Buffer,
  now: Date,
): Promise<OpenPasswordLink | null> {
  const row = await reader.q
    .selectFrom("password_links as l")
    .innerJoin("auth_user as u", "u.id", "l.user_id")
    .select(["l.user_id as userId", "u.name", "u.email", "l.made_by as madeBy"])
    .where("l.token_hash", "=", tokenHash)
    .where("l.expires_at", ">", now)
    .executeTakeFirst();
  return row ?? null;
}

/** Ends a link; answers false when somebody else was quicker. */
export async function spendPasswordLink(tx: Tx, tokenHash: Buffer): Promise<boolean> {
  const gone = await tx.q.deleteFrom("password_links").where("token_hash", "=", tokenHash).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

/** Ends what somebody of the team, or a key, made for others. */
export async function deletePasswordLinksBy(tx: Tx, makerId: string): Promise<void> {
  await tx.q.deleteFrom("password_links").where("made_by", "=", makerId).execute();
}

/** Makes every link of a person worthless. */
export async function deletePasswordLinks(tx: Tx, userId: string): Promise<void> {
  await tx.q.deleteFrom("password_links").where("user_id", "=", userId).execute();
}
