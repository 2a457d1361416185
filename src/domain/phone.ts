import type { CountryCode } from "libphonenumber-js/min";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";

/**
 * A number in the form we compare and store: E.164 where it can be read as a phone number of `country`,
 * short codes (3-8 digits) and alphanumeric senders as they are.
 */
export function normalisePhone(raw: string, country: string): string {
  const text = raw.trim();
  if (/^\+[1-9]\d{6,14}$/.test(text)) return text;
  // "+44 (0)7911 123456": the zero in brackets is dialled inside the country only.
  const digits = text.replace(/^(\+.*)\(0\)/, "$1").replace(/[\s().-]/g, "");
  if (/^\d{3,8}$/.test(digits)) return digits;
  if (!/^\+?\d+$/.test(digits)) return text;
  if (digits.startsWith("+")) return digits;
  if (country === "US" || country === "CA") {
    if (digits.length === 10) return `+1${digits}`;
    if (digits.length === 11 && digits.startsWith("1")) return `+${digits}`;
  }
  const parsed = parsePhoneNumberFromString(digits, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : `+${digits.replace(/^0+/, "")}`;
}

/**
 * A number that is surely nobody's short code: where a country's numbers have no more digits than one, they are
 * numbers all the same.
 */
export function normaliseNational(raw: string, country: string): string {
  const parsed = parsePhoneNumberFromString(raw, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : normalisePhone(raw, country);
}

/** A number one can be reached on and that may own commands: not a short code, not letters. */
export function isPhoneNumber(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(value);
}

/** A North American toll-free number: the network itself keeps opt-outs from it. */
export function isTollFree(value: string): boolean {
  return /^\+18(?:00|33|44|55|66|77|88)\d{7}$/.test(value);
}
