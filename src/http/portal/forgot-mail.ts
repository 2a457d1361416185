import { newId } from "../../domain/ids.ts";
import type { Tx } from "../../store/database.ts";
import { insertMails } from "../../store/mails.ts";

/** The event of mails that hold such a link; what they say is shown to nobody else. */
export const PASSWORD_MAIL = "person.password_link_made";
const CHANGED_MAIL = "person.password_reset";

interface Addressed {
  tenantId: string;
  email: string;
}

export async function mailPasswordLink(tx: Tx, { link, ...to }: Addressed & { link: string }): Promise<void> {
  const body = [
    "Somebody, most likely you, asked for a new password of your account at Signalbox. Choose it here:",
    "",
    link,
    "",
    "The link works once, for one hour. If you did not ask for it, do nothing: your password stays as it is.",
  ];
  await mail(tx, to, PASSWORD_MAIL, "A new password for Signalbox", body);
}

/** So that somebody whose mails others read, or whose owner made the link, hears of it. */
export async function mailPasswordChanged(tx: Tx, to: Addressed): Promise<void> {
  const body = [
    "The password of your account at Signalbox was just changed by a one-time link, and all browsers were signed out.",
    "",
    "If that was not you, ask an owner of your team for help at once.",
  ];
  await mail(tx, to, CHANGED_MAIL, "Your password for Signalbox was changed", body);
}

async function mail(tx: Tx, to: Addressed, event: string, subject: string, lines: string[]): Promise<void> {
  const body = lines.join("\n");
  const { tenantId, email } = to;
  await insertMails(tx, [
    { tenantId, id: newId("mail"), to: email, subject, body, event, ruleId: null, messageId: null },
  ]);
}
