import type { KeyRole } from "../domain/roles.ts";
import type { Reader, Tx } from "./database.ts";

export interface Invitation {
  id: string;
  /** In lower case. */
  email: string;
  role: KeyRole;
  createdAt: Date;
  expiresAt: Date;
}

/** The role an address is invited to so far; null = to none. */
export async function invitedRole(tx: Tx, tenantId: string, email: string): Promise<KeyRole | null> {
  const row = await tx.q
    .selectFrom("invitations")
    .select("role")
    .where("tenant_id", "=", tenantId)
    .where("email", "=", email)
    .where("accepted_at", "is", null)
    .executeTakeFirst();
  return row?.role ?? null;
}

/** An invitation that replaces those of before to the same address: of several links only the newest is good. */
export async function insertInvitation(
  tx: Tx,
  tenantId: string,
  invitation: Omit<Invitation, "createdAt"> & { tokenHash: Buffer; invitedBy: string },
): Promise<void> {
  const { id, email, role, tokenHash, expiresAt, invitedBy } = invitation;
  await tx.q
    .deleteFrom("invitations")
    .where("tenant_id", "=", tenantId)
    .where("email", "=", email)
    .where("accepted_at", "is", null)
    .execute();
  await tx.q
    .insertInto("invitations")
    .values({
      id,
      tenant_id: tenantId,
      email,
      role,
      token_hash: tokenHash,
      expires_at: expiresAt,
      invited_by: invitedBy,
    })
    .execute();
}

/** Those that nobody has taken up yet, expired ones too; newest first. */
export function listInvitations(
  reader: Reader,
  tenantId: string,
  after: string | null,
  limit: number,
): Promise<Invitation[]> {
  let query = reader.q
    .selectFrom("invitations")
    .select(["id", "email", "role", "created_at as createdAt", "expires_at as expiresAt"])
    .where("tenant_id", "=", tenantId)
    .where("accepted_at", "is", null);
  if (after !== null) query = query.where("id", "<", after);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** Takes back an invitation that nobody has taken up; null = there is none. */
export async function deleteInvitation(
  tx: Tx,
  tenantId: string,
  id: string,
): Promise<Pick<Invitation, "email" | "role"> | null> {
  const row = await tx.q
    .deleteFrom("invitations")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .returning(["email", "role"])
    .executeTakeFirst();
  return row ?? null;
}

/** Takes back what a person or key invited to these roles and nobody has taken up yet. */
export async function deleteInvitationsBy(
  tx: Tx,
  tenantId: string,
  inviterId: string,
  roles: readonly KeyRole[],
): Promise<void> {
  await tx.q
    .deleteFrom("invitations")
    .where("tenant_id", "=", tenantId)
    .where("invited_by", "=", inviterId)
    .where("role", "in", roles)
    .where("accepted_at", "is", null)
    .execute();
}

export interface OpenInvitation extends Pick<Invitation, "id" | "email" | "role"> {
  tenantId: string;
  tenantName: string;
}

/** The invitation a link belongs to; null = unknown, taken up, taken back or expired. */
export async function openInvitation(
  reader: Reader,
  tokenHash: Buffer,
  now: Date,
): Promise<OpenInvitation | null> {
  const row = await reader.q
    .selectFrom("invitations as i")
    .innerJoin("tenants as t", "t.id", "i.tenant_id")
    .select(["i.id", "i.email", "i.role", "i.tenant_id as tenantId", "t.name as tenantName"])
    .where("i.token_hash", "=", tokenHash)
    .where("i.accepted_at", "is", null)
    .where("i.expires_at", ">", now)
    .where("t.active", "=", true)
    .executeTakeFirst();
  return row ?? null;
}

/** Takes an invitation up; answers false when somebody else was quicker. */
export async function takeUpInvitation(tx: Tx, id: string, now: Date): Promise<boolean> {
  const taken = await tx.q
    .updateTable("invitations")
    .set({ accepted_at: now })
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}
