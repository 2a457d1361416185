import { alertMailOf } from "../domain/alert-mail.ts";
import type { HubEvent } from "../domain/events.ts";
import { newId } from "../domain/ids.ts";
import type { Tx } from "./database.ts";
import { insertMails } from "./mails.ts";

/** Writes the mails that events deserve, with the events, to the address each tenant has set for that. */
export async function insertAlertMails(tx: Tx, events: readonly HubEvent[]): Promise<void> {
  const wanted = events.flatMap((event) => {
    const mail = alertMailOf(event);
    return mail ? [{ event, mail }] : [];
  });
  if (wanted.length === 0) return;
  const rows = await tx.run<{ id: string; email: string }>(
    "alert-mails-addresses",
    `select id, settings->'alerts'->>'email' as email from tenants
     where id = any ($1) and settings->'alerts'->>'email' is not null`,
    [[...new Set(wanted.map(({ event }) => event.tenantId))]],
  );
  const addresses = new Map(rows.map((row) => [row.id, row.email]));
  const mails = wanted.flatMap(({ event, mail }) => {
    const to = addresses.get(event.tenantId);
    if (to === undefined) return [];
    const { tenantId, type } = event;
    return [{ ...mail, tenantId, id: newId("mail"), to, event: type, ruleId: null, messageId: null }];
  });
  await insertMails(tx, mails);
}
