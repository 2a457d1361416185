import type { Reporter } from "../../domain/board.ts";
import type { OptOuts } from "../../domain/consent.ts";
import { optOutsOf } from "../../domain/consent.ts";
import { newId } from "../../domain/ids.ts";
import { heedMarks } from "../../router/guard-memory.ts";
import type { ConversationState, ReporterState } from "../../router/state.ts";
import type { Decision } from "../../router/types.ts";
import type { Tx } from "../../store/database.ts";
import type { Person, PersonKey } from "../../store/routing.ts";
import { ensureContacts, loadPeople, loadReporterStates, lockBoards } from "../../store/routing.ts";
import type { SnapshotCache, TenantSnapshot } from "./snapshot.ts";

/** Who is behind the texts of a batch, and what is remembered of them as the batch goes on. */
export interface People {
  /** The sender of this text as the texts before it left them. */
  of(text: PersonText): KnownPerson;
  reporterState(reporter: Reporter | null): ReporterState;
  /** Takes over what a decision changed. */
  learn(text: PersonText, decision: Decision): void;
}

export interface KnownPerson {
  reporter: Reporter | null;
  contactId: string;
  conversation: ConversationState;
  /** Reference of our last text to this person that had one. */
  ref: string | null;
  optOuts: OptOuts;
  /** The channel's provider refuses to carry texts to this person. */
  blocked: boolean;
}

interface PersonText {
  tenantId: string;
  channelId: string;
  arrival: { from: string };
  channel: { address: string };
  snapshot: TenantSnapshot;
}

/** Reads everybody of a batch at once. Locks the boards of tenants whose reporters have written. */
export async function lookUpPeople(tx: Tx, texts: PersonText[], cache: SnapshotCache): Promise<People> {
  const reporterOf = (text: PersonText) => text.snapshot.config.reporters.get(text.arrival.from) ?? null;
  const reporters = new Map<string, string>();
  const keys = new Map<string, PersonKey>();
  for (const text of texts) {
    const reporter = reporterOf(text);
    if (reporter) reporters.set(reporter.id, text.tenantId);
    keys.set(`${text.channelId} ${text.arrival.from}`, {
      tenantId: text.tenantId,
      channelId: text.channelId,
      address: text.channel.address,
      phone: text.arrival.from,
    });
  }
  const states = new Map<string, ReporterState>();
  if (reporters.size > 0) {
    const revisions = await lockBoards(tx, [...new Set(reporters.values())]);
    for (const [tenantId, revision] of revisions) await cache.catchUp(tx, tenantId, revision);
    for (const row of await loadReporterStates(tx, [...reporters.keys()])) {
      states.set(row.reporterId, row.state as ReporterState);
    }
  }
  const known = new Map<string, KnownPerson>();
  const rows = keys.size > 0 ? await loadPeople(tx, [...keys.values()]) : [];
  const contacts = await contactsOf(tx, rows, keys);
  for (const row of rows) {
    const key = `${row.channelId} ${row.phone}`;
    known.set(key, {
      reporter: null,
      contactId: contacts.get(`${keys.get(key)?.tenantId} ${row.phone}`) ?? "",
      conversation: heedMarks((row.state ?? {}) as ConversationState, row),
      ref: row.ref,
      optOuts: optOutsOf(row.optedOutOf, keys.get(key)?.address ?? ""),
      blocked: row.blocked,
    });
  }
  return {
    of(text) {
      const person = known.get(`${text.channelId} ${text.arrival.from}`);
      if (!person) throw new Error("a sender of the batch was not looked up");
      return { ...person, reporter: reporterOf(text) };
    },
    reporterState: (reporter) => (reporter ? (states.get(reporter.id) ?? {}) : {}),
    learn(text, decision) {
      const key = `${text.channelId} ${text.arrival.from}`;
      const person = known.get(key);
      if (person) known.set(key, { ...person, conversation: decision.conversation });
      const reporter = reporterOf(text);
      if (reporter) states.set(reporter.id, decision.reporterState);
    },
  };
}

/** Everybody's contact id by tenant and phone; made for those who never wrote before. */
async function contactsOf(
  tx: Tx,
  rows: Person[],
  keys: Map<string, PersonKey>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const missing = new Map<string, { id: string; tenantId: string; phone: string }>();
  for (const { channelId, phone, contactId } of rows) {
    const tenantId = keys.get(`${channelId} ${phone}`)?.tenantId ?? "";
    const key = `${tenantId} ${phone}`;
    if (contactId !== null) ids.set(key, contactId);
    else missing.set(key, { id: newId("con"), tenantId, phone });
  }
  const made = missing.size > 0 ? await ensureContacts(tx, [...missing.values()]) : [];
  for (const { tenantId, phone, id } of made) ids.set(`${tenantId} ${phone}`, id);
  return ids;
}
