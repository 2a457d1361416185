import type { Reader, Tx } from "./database.ts";

/** People who sign in. Their rows are made here and kept by better-auth, which reads and writes the same tables. */

export interface Person {
  id: string;
  name: string;
  /** In lower case. */
  email: string;
}

export async function personByEmail(reader: Reader, email: string): Promise<Person | null> {
  const row = await reader.q
    .selectFrom("auth_user")
    .select(["id", "name", "email"])
    .where("email", "=", email)
    .executeTakeFirst();
  return row ?? null;
}

/** Holds a person's row until the transaction ends: of two who change the same password one waits. */
export async function lockPerson(tx: Tx, id: string): Promise<void> {
  await tx.q.selectFrom("auth_user").select("id").where("id", "=", id).forUpdate().execute();
}

/** Whether a person has turned the second factor on. */
export async function hasTwoFactor(reader: Reader, id: string): Promise<boolean> {
  const row = await reader.q
    .selectFrom("auth_user")
    .select("two_factor_enabled")
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.two_factor_enabled === true;
}

/** Makes a person who signs in with a password, in the shape better-auth looks for. */
export async function insertPerson(tx: Tx, person: Person & { passwordHash: string }): Promise<void> {
  const { id, name, email, passwordHash } = person;
  await tx.q.insertInto("auth_user").values({ id, name, email }).execute();
  await tx.q
    .insertInto("auth_account")
    .values({ id, account_id: id, provider_id: "credential", user_id: id, password: passwordHash })
    .execute();
}

/** Ends every session of a person at once. */
export async function endSessions(tx: Tx, userId: string): Promise<void> {
  await tx.q.deleteFrom("auth_session").where("user_id", "=", userId).execute();
}

/** Ends what is between two steps of signing in, and the trust in browsers that were not asked for a code any more. */
export async function endHalfSignIns(tx: Tx, userId: string): Promise<void> {
  await tx.q.deleteFrom("auth_verification").where("value", "=", userId).execute();
}

export async function setPassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx.q
    .updateTable("auth_account")
    .set({ password: passwordHash, updated_at: new Date() })
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .execute();
}

/** Names a person's password without telling it, to see whether it is still the same; null = there is no such account. */
export async function passwordState(
  reader: Reader,
  email: string,
): Promise<{ userId: string; state: string } | null> {
  const rows = await reader.run<{ userId: string; state: string }>(
    "person-password-state",
    `select u.id as "userId", md5(a.password) as state from auth_user u join auth_account a on a.user_id = u.id
     where u.email = $1 and a.provider_id = 'credential'`,
    [email],
  );
  return rows[0] ?? null;
}

/** Takes the second factor away, with its backup codes. Answers false when there was none. */
export async function dropTwoFactor(tx: Tx, userId: string): Promise<boolean> {
  await tx.q.deleteFrom("auth_two_factor").where("user_id", "=", userId).execute();
  const changed = await tx.q
    .updateTable("auth_user")
    .set({ two_factor_enabled: false, updated_at: new Date() })
    .where("id", "=", userId)
    .where("two_factor_enabled", "=", true)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Forgets a person who is in no team any more; what they did stays in the audit, under their name. */
export async function deleteLonePerson(tx: Tx, userId: string): Promise<void> {
  await tx.q
    .deleteFrom("auth_user")
    .where("id", "=", userId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("team_members").select("user_id").where("user_id", "=", userId))),
    )
    .execute();
}
