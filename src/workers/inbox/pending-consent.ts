import type { ActiveChannel } from "../../channels/types.ts";
import { scopeWord } from "../../domain/consent.ts";
import type { ChangeConsentEffect, ReviewConsentEffect } from "../../domain/effect.ts";
import type { MessageView } from "../../domain/events.ts";
import { newId } from "../../domain/ids.ts";
import { isTollFree } from "../../domain/phone.ts";
import type { Decision } from "../../router/types.ts";
import { addReview } from "../../store/consent-reviews.ts";
import type { Tx } from "../../store/database.ts";
import { liftBlock } from "../../store/provider-blocks.ts";
import { insertEvents } from "../../store/routing.ts";
import { changeConsent } from "../consent-change.ts";

/** Changes of consent run after the batch is written: they look at what waits for the person. */
export interface PendingConsent {
  tenantId: string;
  phone: string;
  contactId: string;
  channelId: string;
  channelAddress: string;
  effect: ChangeConsentEffect | ReviewConsentEffect | LiftBlockEffect;
  text: string;
  messageId: string;
  at: Date;
}

/** The provider has opened the route to this person again, because of a word that it knows itself. */
interface LiftBlockEffect {
  kind: "lift-block";
  word: string;
}

interface Heard {
  tenantId: string;
  channel: ActiveChannel;
  contactId: string;
  /** The channel's provider refuses to carry texts to the sender. */
  blocked: boolean;
  receivedAt: Date;
  decision: Decision;
}

/** What one text says about consent: what the router made of it, and what its provider makes of it. */
export function pendingConsents(heard: Heard, inbound: MessageView): PendingConsent[] {
  const { tenantId, channel, contactId, receivedAt, decision } = heard;
  const found: PendingConsent["effect"][] = decision.effects.filter(
    (effect) => effect.kind === "change-consent" || effect.kind === "review-consent",
  );
  const restores = found.some((effect) => effect.kind === "change-consent" && effect.action === "restore");
  const word = heard.blocked || restores ? openingWord(channel, inbound.text) : null;
  if (word !== null) found.push({ kind: "lift-block", word });
  return found.map((effect) => ({
    ...{ tenantId, contactId, effect, text: inbound.text, messageId: inbound.id, at: receivedAt },
    phone: inbound.from,
    channelId: channel.id,
    channelAddress: channel.address,
  }));
}

/** What opens a blocked route everywhere. Networks and providers want the bare word. */
const OPENING = ["start", "unstop"];

function openingWord({ provider, settings, address }: ActiveChannel, text: string): string | null {
  const word = text.trim().toLowerCase();
  if (OPENING.includes(word)) return word;
  // The network keeps the blocks of toll-free numbers itself, and knows no other words.
  const byNetwork = settings.consentAnswers === "network" || isTollFree(address);
  const isLongCode = address.startsWith("+") && !byNetwork;
  return isLongCode && provider.opensRouteOn?.includes(word) ? word : null;
}

export async function writeConsents(tx: Tx, consents: PendingConsent[]): Promise<void> {
  for (const { effect, ...pending } of consents) {
    const { tenantId, phone, channelId, channelAddress: address, text, messageId, at } = pending;
    switch (effect.kind) {
      case "change-consent": {
        const scope = scopeWord(effect.scope, effect.topic, address);
        const told = { keyword: effect.word, source: "keyword" as const };
        await insertEvents(tx, await changeConsent(tx, { ...pending, ...effect, ...told, address: scope }));
        break;
      }
      case "review-consent": {
        const { reviewKind, phrase, version } = effect;
        const scope = scopeWord(effect.scope, null, address);
        const why = { kind: reviewKind, scope, phrase, version };
        await addReview(tx, { id: newId("rev"), tenantId, phone, channelId, ...why, text, messageId, at });
        break;
      }
      case "lift-block":
        await liftBlock(tx, { tenantId, phone, channelId, address, word: effect.word, text, messageId, at });
        break;
      default:
        return effect satisfies never;
    }
  }
}
