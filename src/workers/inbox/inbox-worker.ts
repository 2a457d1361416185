import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { ActiveChannel } from "../../channels/types.ts";
import type { MessageArrival } from "../../domain/arrival.ts";
import { newId } from "../../domain/ids.ts";
import { route } from "../../router/route.ts";
import type { Decision, RouteInput } from "../../router/types.ts";
import type { MemoryFillRow } from "../../store/channels.ts";
import { fillMemories } from "../../store/channels.ts";
import type { Database, Tx } from "../../store/database.ts";
import { isStatementFault } from "../../store/database.ts";
import type { ClaimedArrival } from "../../store/inbox.ts";
import { claimArrivals, conversationKey, countFault } from "../../store/inbox.ts";
import { maskArrival } from "../../store/news.ts";
import type { RoutedBatch } from "../../store/routing.ts";
import { emptyBatch, writeRouted } from "../../store/routing.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import type { Loop } from "../loop.ts";
import { startLoop } from "../loop.ts";
import type { InboxCounters } from "./counters.ts";
import type { News } from "./news.ts";
import { recordNews } from "./news.ts";
import type { PendingConsent } from "./pending-consent.ts";
import { writeConsents } from "./pending-consent.ts";
import type { KnownPerson, People } from "./people.ts";
import { lookUpPeople } from "./people.ts";
import { withoutRepeats } from "./repeats.ts";
import type { RulesOf, SnapshotCache, TenantSnapshot } from "./snapshot.ts";
import { createSnapshotCache } from "./snapshot.ts";
import { wholeText } from "./text-parts.ts";
import { writeDown } from "./write-down.ts";

/*
 * The inbox worker: claim a batch, look, decide, write, commit; then the next.
 *
 * One transaction spans a batch. The claim locks buckets of conversations, so no other worker touches these
 * people; texts of reporters also lock the board, so that undo and "already so" are judged on the truth.
 * The router decides text by text in order of arrival; each decision is applied in memory before the next.
 * One statement writes it all and takes the arrivals off the work list. A process that dies in between has
 * done nothing: the locks fall, the arrivals are claimed again.
 *
 * A decision that throws counts a fault for its arrival and leaves it for another round; after three it is
 * set aside. A batch that cannot be saved is done again one by one, so that a single bad row, or a board that
 * cannot be saved, harms nobody else.
 */

const BATCH = 500;
const DECIDE_AT_A_STRETCH = 50;
const MAX_TRIES = 3;
/** How often to look when nothing wakes us, ms. */
const IDLE_MS = 1_000;
/** In a flood: small enough that a batch and its rest take turns several times a second. */
const FLOOD_BATCH = 100;
const LONGEST_REST_MS = 1_000;
const REST_STEP_MS = 10;

export interface InboxWorkerDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  channels: {
    byId(id: string): ActiveChannel | null;
    isOwnAddress(address: string): boolean;
    refresh(): Promise<void>;
  };
  counters: InboxCounters;
  hashPin: (reporterId: string, pin: string) => string;
  rulesOf: RulesOf;
  /** Base of our addresses. */
  publicUrl: () => string;
  /** The doors have all they can do: routing leaves them most of the time, for what is kept can wait. */
  isFlooded: () => boolean;
  /** Effects are in the outbox: somebody should look. */
  onQueued: () => void;
  /** Texts came with files: somebody should fetch them. */
  onMedia: () => void;
  /** Mails were written: somebody should send them. */
  onMails: () => void;
  /** Events were committed. */
  onEvents: () => void;
}

export function startInboxWorker(deps: InboxWorkerDeps): Loop {
  const cache = createSnapshotCache(deps.rulesOf);
  /** Rounds left in which arrivals are done one by one after a batch was refused. */
  let careful = 0;
  /** The one arrival that could not be saved although it was alone. */
  let refused: Refused | null = null;

  async function round(): Promise<number> {
    const began = performance.now();
    const limit = careful > 0 ? 1 : deps.isFlooded() ? FLOOD_BATCH : BATCH;
    const batch: Work = { limit, refused, tenants: new Set(), seqs: [] };
    try {
      const done = await deps.database.transact((tx) => workOn(tx, batch, cache, deps));
      refused = null;
      careful = done.count === 0 ? 0 : Math.max(0, careful - 1);
      done.after();
      if (done.count === 0) return IDLE_MS;
      await rest(performance.now() - began, deps.isFlooded);
      return 0;
    } catch (error) {
      cache.forget(batch.tenants);
      const seq = batch.seqs[0];
      if (!blamesArrival(error) || seq === undefined) throw error;
      deps.log.warn({ err: error, arrivals: batch.seqs.length }, "inbox: a batch could not be saved");
      careful = BATCH;
      if (batch.limit === 1) refused = { seq, reason: String(error), hopeless: refused?.seq === seq };
      return 0;
    }
  }

  return startLoop({
    round,
    onFault: (error) => deps.log.error({ err: error }, "inbox: a round failed"),
  });
}

/**
 * In a flood of arrivals routing takes a twenty-fifth of the time: an answer to a provider never waits for it,
 * and what is kept can. The rest ends with the flood.
 */
async function rest(workedMs: number, isFlooded: () => boolean): Promise<void> {
  const until = performance.now() + Math.min(LONGEST_REST_MS, workedMs * 24);
  while (isFlooded() && performance.now() < until) await pause(REST_STEP_MS);
}

/** A row that the database refuses, or that our own code stumbles over: the next try would end the same way. */
function blamesArrival(error: unknown): boolean {
  return isStatementFault(error) || error instanceof TypeError || error instanceof RangeError;
}

interface Refused {
  seq: number;
  reason: string;
  /** Even the decision meant for this case could not be written. */
  hopeless: boolean;
}

interface Work {
  limit: number;
  refused: Refused | null;
  /** Filled as the batch goes: what to forget if it is rolled back. */
  tenants: Set<string>;
  seqs: number[];
}

interface Done {
  count: number;
  /** What follows once the batch is committed. */
  after: () => void;
}

const NOTHING: Done = { count: 0, after: () => undefined };

interface Text extends Omit<ClaimedArrival, "arrival"> {
  arrival: MessageArrival;
  channel: ActiveChannel;
  snapshot: TenantSnapshot;
}

async function workOn(tx: Tx, work: Work, cache: SnapshotCache, deps: InboxWorkerDeps): Promise<Done> {
  const claimed = await claimArrivals(tx, work.limit);
  if (claimed.length === 0) return NOTHING;
  for (const arrival of claimed) {
    work.tenants.add(arrival.tenantId);
    work.seqs.push(arrival.seq);
  }
  if (claimed.some((item) => !deps.channels.byId(item.channelId))) await deps.channels.refresh();
  const snapshots = await cache.load(tx, [...work.tenants]);
  const batch = emptyBatch();
  const news: News[] = [];
  const texts: Text[] = [];
  /** People of whom this batch holds a text: what was told of them after it waits for another round. */
  const wrote = new Set<string>();
  const later = new Set<string>();
  for (const item of claimed) {
    const person = conversationKey(item);
    if (later.has(person)) continue;
    // A text has another decision for this case (see `decide`); what is no text, or empty, has none.
    if (work.refused?.seq === item.seq && item.arrival?.kind !== "message") {
      const aside = await countFault(tx, item.seq, `cannot be saved: ${work.refused.reason}`, MAX_TRIES);
      deps.log.error({ arrival: item.seq, aside }, "inbox: an arrival cannot be saved");
      continue;
    }
    const channel = deps.channels.byId(item.channelId);
    const snapshot = snapshots.get(item.tenantId);
    if (channel && snapshot && item.arrival.kind === "message") {
      const arrival = await wholeText(tx, item, item.arrival);
      if (arrival) {
        texts.push({ ...item, arrival, channel, snapshot });
        wrote.add(person);
      } else batch.done.push({ bucket: item.bucket, seq: item.seq });
      continue;
    }
    // The news of a batch are written before its texts: the last word on consent must stay the last.
    if (wrote.has(person)) {
      later.add(person);
      continue;
    }
    // No channel or tenant: deleted since. It stays in the journal and nothing follows.
    if (channel && snapshot) news.push({ claimed: item, channel });
    batch.done.push({ bucket: item.bucket, seq: item.seq });
  }
  const told = await recordNews(tx, news, deps.log);
  const heard = await withoutRepeats(tx, texts);
  for (const { bucket, seq } of heard.repeats) batch.done.push({ bucket, seq });
  const counts = await decideTexts(tx, heard.texts, batch, work, cache, deps);
  return {
    count: claimed.length,
    after() {
      deps.counters.news(told);
      deps.counters.repeats(heard.repeats.map(({ channelId }) => channelId));
      for (const count of counts) count();
      if (batch.outbox.length > 0) deps.onQueued();
      if (batch.media.length > 0) deps.onMedia();
      if (batch.mails.length > 0) deps.onMails();
      deps.onEvents();
    },
  };
}

async function decideTexts(
  tx: Tx,
  texts: Text[],
  batch: RoutedBatch,
  work: Work,
  cache: SnapshotCache,
  deps: InboxWorkerDeps,
): Promise<(() => void)[]> {
  const people = await lookUpPeople(tx, texts, cache);
  const counts: (() => void)[] = [];
  const consents: PendingConsent[] = [];
  /** Conversations whose next texts wait for another round: a fault, or consent that must be written first. */
  const waiting = new Set<string>();
  for (const [index, text] of texts.entries()) {
    // Doors are open in this process too: nobody waits behind a whole batch of decisions.
    if (index % DECIDE_AT_A_STRETCH === DECIDE_AT_A_STRETCH - 1) await turn();
    const conversation = `${text.tenantId} ${text.arrival.from}`;
    if (waiting.has(conversation)) continue;
    const person = people.of(text);
    let decision: Decision;
    try {
      decision = decide(text, person, people, work, deps);
    } catch (error) {
      waiting.add(conversation);
      const aside = await countFault(tx, text.seq, `routing failed: ${String(error)}`, MAX_TRIES);
      deps.log.error({ err: error, arrival: text.seq, aside }, "inbox: routing failed");
      continue;
    }
    const savedAt = new Date(deps.clock.now());
    const publicUrl = deps.publicUrl();
    consents.push(...writeDown(batch, { ...text, ...person, savedAt, decision, publicUrl }));
    people.learn(text, decision);
    if (decision.effects.some((effect) => effect.kind === "change-consent")) waiting.add(conversation);
    if (decision.log.maskedText !== null) await maskArrival(tx, text.seq, decision.log.maskedText);
    counts.push(() => deps.counters.text(text.channel, decision, text.receivedAt, savedAt));
  }
  await writeRouted(tx, batch);
  await writeConsents(tx, consents);
  await fillMemories(tx, learned(texts));
  return counts;
}

/** Asks the router; for the arrival that could not be saved, what it said for that case. */
function decide(
  text: Text,
  person: KnownPerson,
  people: People,
  work: Work,
  deps: InboxWorkerDeps,
): Decision {
  const decision = route(routeInput(text, person, people, deps));
  if (work.refused?.seq !== text.seq) return decision;
  if (work.refused.hopeless || !decision.ifSaveFails)
    throw new Error(`cannot be saved: ${work.refused.reason}`);
  return decision.ifSaveFails;
}

function routeInput(text: Text, person: KnownPerson, people: People, deps: InboxWorkerDeps): RouteInput {
  const { config, board, rules } = text.snapshot;
  const { channelId } = text;
  return {
    arrival: text.arrival,
    now: text.receivedAt.getTime(),
    newId,
    settings: config.tenant.settings,
    board,
    reporter: person.reporter,
    reporterState: people.reporterState(person.reporter),
    conversation: person.conversation,
    optedOut: person.optOuts.all || person.optOuts.address,
    optOuts: person.optOuts,
    fromOwnAddress: deps.channels.isOwnAddress(text.arrival.from),
    hashPin: (pin) => deps.hashPin(person.reporter?.id ?? "", pin),
    rules,
    place: { channelId, deviceId: channelId, tenantName: config.tenant.name, ref: person.ref, contact: {} },
  };
}

/** What arrivals told that their channels want to remember: contact ids at the provider. */
function learned(texts: Text[]): MemoryFillRow[] {
  return texts.flatMap((text) => {
    const fill = text.channel.provider.learn?.(text.arrival) ?? null;
    return fill ? [{ channelId: text.channelId, ...fill }] : [];
  });
}
