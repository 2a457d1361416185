/** In which time zone the pages tell the time: the one of the settings; where none was chosen, the reader's own. */

let chosen: string | undefined;

/** Called when it is known who is signed in, and so in which account. */
export function tellTimesIn(zone: string | null): void {
  chosen = zone !== null && isKnown(zone) ? zone : undefined;
}

/** For `Intl`: undefined is the reader's own. */
export function shownZone(): string | undefined {
  return chosen;
}

/** As the browser has it. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** An old browser may not know a zone that the server does. */
function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
