import { useState } from "react";
import type { ApiFault } from "./client.ts";
import { isApiFault } from "./client.ts";

/*
 * Two people who edit the same thing. A form remembers what it began with; what it sends carries the revision of that, and
 * the server refuses (412) when the thing has changed since. Then it is read again: where the other one changed something
 * else, the change is laid over it, as nothing is lost; otherwise the person decides.
 */

interface Editable {
  revision: string | number;
}

/** What stands in the way of a save: the thing as it is now, and in which fields it is not what the form began with. */
export interface Conflict extends ApiFault {
  theirs: unknown;
  changed: { by: string | null; at: string };
  fields: { field: string; theirs: unknown; mine: unknown }[];
}

export function isConflict(error: unknown): error is Conflict {
  return isApiFault(error) && "theirs" in error;
}

/** What goes with a call that changes something. */
export interface SaveGuard {
  headers: Record<string, string>;
}

interface Order<Thing, Saved> {
  /** What the form sends, by field. */
  body: object;
  send: (guard: SaveGuard) => Promise<Saved>;
  /** The thing as it is now. */
  read: (thing: Thing) => Promise<Thing>;
  /** Where a field of the body stands in the thing; by its name if left out. */
  valueAt?: (thing: Thing, field: string) => unknown;
}

/** Tries before somebody who saves all the time is told of instead. */
const MOST_TRIES = 4;

/**
 * A form over a thing, and how it is saved. `thing` null: it is new. As long as nobody has typed anything the form follows what
 * others save.
 */
export function useEdited<Thing extends Editable, Draft extends object>(
  thing: Thing | null,
  draftOf: (thing: Thing | null) => Draft,
) {
  const fresh = (base: Thing | null) => ({ seen: thing, base, draft: draftOf(base), isTouched: false });
  const [kept, setKept] = useState(() => fresh(thing));
  let state = kept;
  if (thing !== kept.seen) {
    const isOther = !kept.isTouched && thing?.revision !== kept.base?.revision;
    state = isOther ? fresh(thing) : { ...kept, seen: thing };
    setKept(state);
  }
  return {
    draft: state.draft,
    /** What the form began with. */
    base: state.base,
    change: (part: Partial<Draft>) =>
      setKept((now) => ({ ...now, draft: { ...now.draft, ...part }, isTouched: true })),
    /** Goes on from what was saved or loaded. */
    begin: (base: Thing | null) => setKept((now) => ({ ...fresh(base), seen: now.seen })),
    /** `over`: the state a person has been shown and wants to save over. */
    save: <Saved>(order: Order<Thing, Saved>, over: Thing | null = null) =>
      saveOver(over ?? state.base, order),
  };
}

/** Saves a change of something as it was shown. */
export async function saveOver<Thing extends Editable, Saved>(
  shown: Thing | null,
  order: Order<Thing, Saved>,
): Promise<Saved> {
  let seen = shown;
  for (let tries = 1; ; tries += 1) {
    try {
      return await order.send(seen ? ifMatch(seen) : { headers: {} });
    } catch (error) {
      if (!seen || !isApiFault(error) || error.status !== 412) throw error;
      const theirs = await order.read(seen);
      const fields = clashes(order, seen, theirs);
      if (fields.length > 0 || tries >= MOST_TRIES) throw { ...error, theirs, fields };
      seen = theirs;
    }
  }
}

/** For a call that is to be refused when the thing is not any more what was shown. */
export function ifMatch({ revision }: Editable): SaveGuard {
  return { headers: { "if-match": `"${revision}"` } };
}

/** Fields that the form sends and that are not what they were. What is never shown, a secret, may always be one. */
function clashes<Thing extends Editable, Saved>(
  { body, valueAt = (thing, field) => (thing as Record<string, unknown>)[field] }: Order<Thing, Saved>,
  before: Thing,
  theirs: Thing,
): Conflict["fields"] {
  return Object.entries(body).flatMap(([field, mine]) => {
    const now = valueAt(theirs, field);
    if (now !== undefined && isSame(valueAt(before, field), now)) return [];
    return isSame(now, mine) ? [] : [{ field, theirs: now, mine }];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
