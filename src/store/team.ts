import type { KeyRole } from "../domain/roles.ts";
import type { Reader, Tx } from "./database.ts";

export interface Membership {
  tenantId: string;
  tenantActive: boolean;
  role: KeyRole;
  name: string;
  email: string;
}

/** The team a person is in; of several the first one they came to. Null = in none. */
export async function membershipOf(reader: Reader, userId: string): Promise<Membership | null> {
  const rows = await reader.run<Membership>(
    "team-membership",
    `select m.tenant_id as "tenantId", t.active as "tenantActive", m.role, u.name, u.email
     from team_members m join tenants t on t.id = m.tenant_id join auth_user u on u.id = m.user_id
     where m.user_id = $1 order by m.created_at, m.tenant_id limit 1`,
    [userId],
  );
  return rows[0] ?? null;
}

export interface Member {
  id: string;
  name: string;
  email: string;
  role: KeyRole;
  twoFactor: boolean;
  createdAt: Date;
  /** When a session of theirs was last begun or prolonged; null = they are signed out everywhere. */
  lastSeenAt: Date | null;
}

/** By id, oldest first. */
export function listTeam(
  reader: Reader,
  tenantId: string,
  after: string | null,
  limit: number,
): Promise<Member[]> {
  return reader.run(
    "team-list",
    `select u.id, u.name, u.email, m.role, coalesce(u.two_factor_enabled, false) as "twoFactor",
       m.created_at as "createdAt", (select max(s.updated_at) from auth_session s where s.user_id = u.id) as "lastSeenAt"
     from team_members m join auth_user u on u.id = m.user_id
     where m.tenant_id = $1 and ($2::text is null or u.id > $2) order by u.id limit $3`,
    [tenantId, after, limit],
  );
}

export async function memberById(reader: Reader, tenantId: string, userId: string): Promise<Member | null> {
  const rows = await reader.run<Member>(
    "team-member",
    `select u.id, u.name, u.email, m.role, coalesce(u.two_factor_enabled, false) as "twoFactor",
       m.created_at as "createdAt", (select max(s.updated_at) from auth_session s where s.user_id = u.id) as "lastSeenAt"
     from team_members m join auth_user u on u.id = m.user_id where m.tenant_id = $1 and m.user_id = $2`,
    [tenantId, userId],
  );
  return rows[0] ?? null;
}

/** Everybody who may sign in, of all teams; for whoever runs the machine. */
export function everybody(reader: Reader): Promise<(Membership & { id: string })[]> {
  return reader.run(
    "team-everybody",
    `select u.id, m.tenant_id as "tenantId", t.active as "tenantActive", m.role, u.name, u.email
     from team_members m join tenants t on t.id = m.tenant_id join auth_user u on u.id = m.user_id
     order by m.role = 'owner' desc, u.email limit 1000`,
  );
}

/** Call it with the tenant locked: two owners must not leave at once. */
export async function countOwners(reader: Reader, tenantId: string): Promise<number> {
  const rows = await reader.run<{ owners: number }>(
    "team-owners",
    "select count(*)::int as owners from team_members where tenant_id = $1 and role = 'owner'",
    [tenantId],
  );
  return rows[0]?.owners ?? 0;
}

export async function addMember(tx: Tx, tenantId: string, userId: string, role: KeyRole): Promise<void> {
  await tx.q.insertInto("team_members").values({ tenant_id: tenantId, user_id: userId, role }).execute();
}

export async function setMemberRole(tx: Tx, tenantId: string, userId: string, role: KeyRole): Promise<void> {
  await tx.q
    .updateTable("team_members")
    .set({ role })
    .where("tenant_id", "=", tenantId)
    .where("user_id", "=", userId)
    .execute();
}

export async function removeMember(tx: Tx, tenantId: string, userId: string): Promise<void> {
  await tx.q
    .deleteFrom("team_members")
    .where("tenant_id", "=", tenantId)
    .where("user_id", "=", userId)
    .execute();
}
