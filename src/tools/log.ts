import { type DestinationStream, type Logger, pino } from "pino";
import { PinoPretty } from "pino-pretty";

export type { Logger };
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** Names, in lower case, whose values never reach a log line, however deep they sit. */
const SECRET_NAMES = new Set([
  "accesstoken",
  "apikey",
  "apisecret",
  "apitoken",
  "authorization",
  "authtoken",
  "callbackpassword",
  "cookie",
  "masterkey",
  "password",
  "pin",
  "secret",
  "set-cookie",
  "signaturesecret",
  "token",
  "webhooksecret",
  "x-api-key",
]);
const CENSORED = "[secret]";
const DEEPEST = 6;

export interface LogOptions {
  level: LogLevel;
  /** Colours and times for a person instead of JSON lines. */
  pretty: boolean;
  /** Standard output unless a test listens. */
  destination?: DestinationStream;
}

/** The program's logger. Writes synchronously: the last line before an exit is the one that matters. */
export function createLog(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: describeError },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: withoutSecrets,
    },
    // What a child logger carries passes none of the formatters.
    redact: {
      paths: ["apiKey", "authToken", "password", "secret", "token"],
      censor: (value: unknown) => censored(value),
    },
  };
  if (options.destination !== undefined) return pino(settings, options.destination);
  if (!options.pretty) return pino(settings, pino.destination({ dest: 1, sync: true }));
  return pino(settings, PinoPretty({ destination: 1, sync: true, translateTime: "SYS:HH:MM:ss" }));
}

/** What is worth knowing of an error; libraries hang whole clients and requests on theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    stack: error.stack,
  };
}

/**
 * The same object when it holds no secret, else a copy. pino's own redaction wants every path spelled out and
 * costs ten times as much per line.
 */
function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return censor(fields, 0) as Record<string, unknown>;
}

function censor(value: object, depth: number): object {
  let copy: Record<string, unknown> | null = null;
  for (const [name, inner] of Object.entries(value)) {
    let kept: unknown = inner;
    if (SECRET_NAMES.has(name.toLowerCase())) {
      kept = censored(inner);
    } else if (isPlain(inner)) {
      kept = depth < DEEPEST ? censor(inner, depth + 1) : "[deep]";
    }
    if (kept === inner) continue;
    copy ??= { ...value };
    copy[name] = kept;
  }
  if (copy === null) return value;
  return Array.isArray(value) ? Object.values(copy) : copy;
}

/** That a secret is missing is no secret. */
function censored(value: unknown): unknown {
  return value === null || value === undefined ? value : CENSORED;
}

/** Errors, buffers and dates are written by their own rules. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** `+14155550134` becomes `+1******34`: enough to tell two people apart, not to call one. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/^\+/, "");
  const plus = phone.startsWith("+") ? "+" : "";
  // Short codes belong to companies, yet a short private number would be readable with two ends shown.
  if (digits.length < 7) return plus + "*".repeat(digits.length);
  return `${plus}${digits.slice(0, 1)}******${digits.slice(-2)}`;
}

/** Everything in a text that may be a phone number, masked: for the words of others. Ids in hex stay readable. */
export function maskPhones(text: string): string {
  return text.replace(/(?<![\w-])\+?\d(?:[\s().-]{0,3}\d){6,}(?![\w-])/g, (number) =>
    maskPhone(number.replace(/[^\d+]/g, "")),
  );
}
