import { idAt } from "../domain/ids.ts";
import type { Tx } from "./database.ts";

/** A message that only says that somebody tapped a heart or the like on another one. */
export interface Reaction {
  tenantId: string;
  messageId: string;
  channelId: string;
  phone: string;
  at: string;
  /** What it quotes; `cut`: only how that begins. */
  quoted: { text: string; cut: boolean };
}

/** How far back the message may lie that somebody reacts to, ms. */
const LOOKS_BACK_MS = 30 * 86_400_000;

/** Ties reactions to the newest message of the same conversation that says what they quote. */
export async function tieReactions(tx: Tx, reactions: readonly Reaction[]): Promise<void> {
  for (const { tenantId, messageId, channelId, phone, at, quoted } of reactions) {
    await tx.run(
      "reactions-tie",
      `update messages r set reaction_to = (
         select m.id from messages m where m.tenant_id = $1 and m.phone = $3 and m.id >= $4 and m.id < $2
           and m.channel_id = $5 and (m.text = $6 or $7 and starts_with(m.text, $6)) order by m.id desc limit 1)
       where r.tenant_id = $1 and r.id = $2`,
      [
        tenantId,
        messageId,
        phone,
        idAt("msg", Date.parse(at) - LOOKS_BACK_MS),
        channelId,
        quoted.text,
        quoted.cut,
      ],
    );
  }
}
