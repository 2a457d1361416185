/** Words and times of the public board, safe to stand in its page. */

export function timeElement(at: string, tell: (at: string) => string): string {
  return `<time datetime="${escapeHtml(at)}">${escapeHtml(tell(at))}</time>`;
}

/** Tells times in the board's zone; `board.js` tells them the same way. */
export function timeTeller(timeZone: string, clock: "24h" | "12h"): (at: string) => string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: clock === "12h" ? "h12" : "h23",
    timeZoneName: "short",
  });
  return (at) => format.format(new Date(at));
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
