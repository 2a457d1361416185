import { BOARD_FIELDS, RETENTION_FIELDS, RULE_FIELDS, SENDING_FIELDS } from "./board-fields.ts";
import { CAUTION_FIELDS, REPLY_FIELDS, STRANGER_FIELDS, UNDERSTANDING_FIELDS } from "./command-fields.ts";
import { CONSENT_STOPS, CONSENT_WORDS } from "./consent-fields.ts";
import { WORDING } from "./form.tsx";
import { whenSent } from "./wording-words.ts";

const GROUPS = [
  ...BOARD_FIELDS,
  ...RETENTION_FIELDS,
  ...RULE_FIELDS,
  ...SENDING_FIELDS,
  ...[CAUTION_FIELDS, REPLY_FIELDS, STRANGER_FIELDS, UNDERSTANDING_FIELDS, CONSENT_STOPS, CONSENT_WORDS],
];

/** Those that have a form of their own. */
const OTHERS: Record<string, string> = {
  "board.public": "Everybody may see the board",
  "budgets.addresses": "Numbers with figures of their own",
  "budgets.commandReplies": "Replies to commands",
  "budgets.perAddress": "Each number, a day",
  "budgets.perRule": "Each rule, a day",
  "budgets.perDay": "All numbers together, a day",
  "budgets.pricePerSegment": "Price of a segment",
  "commands.confirmationRules": "Changes that need more",
  "consent.languages": "Further languages",
  "consent.stopScope": "STOP covers",
  "consent.topics": "Topics",
  "guards.answeredShortCodes": "Short codes that may be answered",
};

/** How a setting is called on the page; the path may lead into it. */
export function labelOf(path: string): string {
  if (path.startsWith(WORDING)) return whenSent(path.slice(WORDING.length));
  const own = path.split(".").slice(0, 2).join(".");
  const field = GROUPS.flatMap(({ fields }) => fields).find((spec) => spec.path === own);
  return field?.label ?? OTHERS[own] ?? path;
}
