import { randomBytes } from "node:crypto";
import type { Actor } from "../../domain/board.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import { insertPasswordLink } from "../../store/password-links.ts";
import { dropTwoFactor, endHalfSignIns, endSessions } from "../../store/people.ts";
import { hashKey } from "../../tools/secrets.ts";

/*
 * Ways back in for somebody who lost their password or their second factor. Three make such links: the sign-in page, by
 * mail; the team's page, for whoever may give the person's role; and the command on the server.
 */

const HOUR_MS = 60 * 60_000;
/** One that somebody asked for sits at their screen; one that is handed on takes its time. */
const LIVES_MS = { mail: HOUR_MS, command: HOUR_MS, team: 24 * HOUR_MS };

export interface PasswordLink {
  link: string;
  expiresAt: Date;
}

/** A one-time link by which a person chooses a new password; noted in the audit. */
export async function makePasswordLink(
  tx: Tx,
  order: {
    tenantId: string;
    person: { id: string; name: string };
    by: keyof typeof LIVES_MS;
    actor: Actor;
    publicUrl: string;
    now: number;
    /** What else the audit shall know. */
    detail?: object;
  },
): Promise<PasswordLink> {
  const { tenantId, person, by, actor, now } = order;
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now + LIVES_MS[by]);
  const madeBy = by === "team" ? actor.id : by;
  await insertPasswordLink(tx, { tokenHash: hashKey(token), userId: person.id, madeBy, expiresAt });
  const detail = { name: person.name, by, ...order.detail };
  await audit(tx, { tenantId, actor, action: "person.password_link_made", object: person.id, detail });
  return { link: `${order.publicUrl}/new-password?token=${token}`, expiresAt };
}

/** Takes away a second factor that its person lost. Answers false when there was none. */
export async function resetTwoFactor(
  tx: Tx,
  order: { tenantId: string; person: { id: string; name: string }; actor: Actor },
): Promise<boolean> {
  const { tenantId, person, actor } = order;
  if (!(await dropTwoFactor(tx, person.id))) return false;
  // The lost phone may be signed in.
  await endSessions(tx, person.id);
  await endHalfSignIns(tx, person.id);
  const detail = { name: person.name };
  await audit(tx, { tenantId, actor, action: "person.two_factor_reset", object: person.id, detail });
  return true;
}
