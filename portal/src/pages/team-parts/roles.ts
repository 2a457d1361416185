import type { KeyRole } from "../../../../src/domain/roles.ts";
import { KEY_ROLES, roleMayGive } from "../../../../src/domain/roles.ts";
import { inWords } from "../../kit/words.ts";

/** What each role may do, in a line. */
export const ROLE_WORDS: Record<KeyRole, string> = {
  owner: "Everything, and makes other owners",
  admin: "Everything but owners",
  operator: "Daily work: texts, the board, consent. No set-up",
  viewer: "The board, rules and settings to read. No people's texts or numbers",
};

/** The roles that somebody of this role may give. */
export function rolesToGive(own: KeyRole): { value: KeyRole; label: string }[] {
  return KEY_ROLES.filter((role) => roleMayGive(own, role)).map((role) => ({
    value: role,
    label: inWords(role),
  }));
}
