const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Clocks of several machines differ a little; nobody's differs by this much, ms. */
const MARGIN_MS = 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Ids begin with the time of their making, so a row about something that happened at `since` or later has no
 * smaller id than this. It lets the primary key skip what is older.
 */
export function idFloor(prefix: string, since: Date): string {
  return idAtTime(prefix, since.getTime() - MARGIN_MS);
}

/** A row that was made within a day after something that happened before `until` has a smaller id than this. */
export function idCeiling(prefix: string, until: Date): string {
  return idAtTime(prefix, until.getTime() + DAY_MS + MARGIN_MS);
}

function idAtTime(prefix: string, ms: number): string {
  let rest = Math.max(0, ms);
  let time = "";
  for (let i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${time}`;
}
