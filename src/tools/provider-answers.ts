/** What is read from the answers of every provider's API, whatever its format. */
const MAX_TEXT_LENGTH = 500;
const MASK = "••••";

/** How long to wait: seconds, or a date, which is measured against the answer's own date. Null = not said. */
export function retryAfterMs(headers: Record<string, string>): number | null {
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const wait = Date.parse(value) - Date.parse(headers.date ?? "");
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** The segments a provider counted: a number or digits. None or 0, which means "not known yet", is left out. */
export function countedSegments(value: unknown): { segments?: number } {
  const count = Number(typeof value === "string" ? value.trim() || Number.NaN : value);
  return Number.isInteger(count) && count > 0 && count <= 100 ? { segments: count } : {};
}

/**
 * A text fit for logs and pages: secrets masked as they are, in an address and in a form, no control characters,
 * and not endless.
 */
export function safeText(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    if (secret === "") continue;
    const spellings = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    for (const spelling of new Set(spellings)) safe = safe.replaceAll(spelling, MASK);
  }
  return safe
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_TEXT_LENGTH)
    .toWellFormed();
}
