import { randomFillSync } from "node:crypto";

/** Prefixes of every public id; the part after the prefix sorts by creation time. */
export type IdPrefix =
  | "ten"
  | "chn"
  | "msg"
  | "con"
  | "rep"
  | "itm"
  | "cmd"
  | "chg"
  | "evt"
  | "key"
  | "arr"
  | "adt"
  | "rev"
  | "gtr"
  | "med"
  | "rule"
  | "mail"
  | "ep"
  | "sec"
  | "wkh"
  | "rpl"
  | "dlv"
  | "usr"
  | "inv";

/** A branded id: `msg_` + 26 characters. Only `newId` and the borders make one. */
export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`;

/** Makes ids; handed to the router so that it stays pure. */
export type NewId = <P extends IdPrefix>(prefix: P) => Id<P>;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const POOL_BYTES = 8192;
const RANDOM_BYTES = 16;
const pool = Buffer.allocUnsafe(POOL_BYTES);
let poolOffset = POOL_BYTES;

let lastMs = 0;
let sequence = 0;

/**
 * A new id: 10 characters of milliseconds, 4 of a counter that keeps ids of one process in order within
 * a millisecond, 12 random (60 bits), all in Crockford's base 32, lower case.
 */
export function newId<P extends IdPrefix>(prefix: P, nowMs: number = Date.now()): Id<P> {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else {
    sequence = (sequence + 1) & 0xfffff;
    if (sequence === 0) lastMs += 1;
  }
  return `${prefix}_${timePart(lastMs)}${counterPart(sequence)}${randomPart()}`;
}

/** Where the ids of a millisecond begin: ids made before it are smaller, those made in it or later are not. */
export function idAt(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${timePart(Math.max(0, Math.floor(ms)))}`;
}

function timePart(ms: number): string {
  let text = "";
  let rest = ms;
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function counterPart(value: number): string {
  return (
    (ALPHABET[(value >> 15) & 31] as string) +
    ALPHABET[(value >> 10) & 31] +
    ALPHABET[(value >> 5) & 31] +
    ALPHABET[value & 31]
  );
}

function randomPart(): string {
  if (poolOffset + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  let text = "";
  for (let i = 0; i < 12; i++) text += ALPHABET[(pool[poolOffset + i] as number) & 31];
  poolOffset += RANDOM_BYTES;
  return text;
}
