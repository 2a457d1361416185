import type { Generated } from "kysely";
import type { KeyRole } from "../domain/roles.ts";

/** The tables of people and teams, as Kysely sees them; part of `tables.ts`. */
export interface PeopleTables {
  auth_user: PersonTable;
  auth_session: { id: string; token: string; user_id: string; expires_at: Date };
  auth_account: AccountTable;
  team_members: { tenant_id: string; user_id: string; role: KeyRole; created_at: Generated<Date> };
  invitations: InvitationTable;
  auth_two_factor: { id: string; user_id: string };
  auth_verification: { id: string; identifier: string; value: string };
  password_links: PasswordLinkTable;
  setup_links: { token_hash: Buffer; tenant_id: string; created_at: Generated<Date> };
}

interface PersonTable {
  id: string;
  name: string;
  email: string;
  two_factor_enabled: Generated<boolean | null>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface AccountTable {
  id: string;
  account_id: string;
  provider_id: string;
  user_id: string;
  password: string | null;
  updated_at: Generated<Date>;
}

interface PasswordLinkTable {
  token_hash: Buffer;
  user_id: string;
  made_by: string;
  expires_at: Date;
  created_at: Generated<Date>;
}

interface InvitationTable {
  id: string;
  tenant_id: string;
  email: string;
  role: KeyRole;
  token_hash: Buffer;
  expires_at: Date;
  accepted_at: Date | null;
  /** A person or a key. */
  invited_by: string | null;
  created_at: Generated<Date>;
}
