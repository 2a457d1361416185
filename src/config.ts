import { isIP } from "node:net";
import { resolve } from "node:path";
import type { LogLevel } from "./tools/log.ts";

/** Everything a person can set, checked. Made once at the start and handed down as values. */
export interface Config {
  /** 0: any free port (tests). */
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the embedded database. May name several hosts. */
  readonly databaseUrl: string | null;
  /** Without a slash at the end. Null: `http://localhost:` and the port; see `publicUrlAt`. */
  readonly publicUrl: string | null;
  /** Null: generated once and kept in `dataDir`. */
  readonly secret: string | null;
  /** Key of the first tenant, used at the first start only. Null: generated. */
  readonly apiKey: string | null;
  readonly role: Role;
  /** What the first tenant starts with. */
  readonly template: Template;
  /** CIDRs whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** CIDRs that outgoing calls may reach although they are private. */
  readonly allowPrivateTargets: readonly string[];
  /** Null: no outgoing mail. */
  readonly smtpUrl: string | null;
  /** Sender of outgoing mail. */
  readonly mailFrom: string;
  /** Allows `bypassVerification` on channels. */
  readonly isDevelopment: boolean;
  readonly logLevel: LogLevel;
  /** Standard output is a terminal: logs are made for reading. */
  readonly prettyLogs: boolean;
}

const ROLES = ["all", "web", "worker"] as const;
const TEMPLATES = ["resort", "empty"] as const;
const MODES = ["production", "development", "test"] as const;
const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export type Role = (typeof ROLES)[number];
export type Template = (typeof TEMPLATES)[number];

export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: string[] };

const LEAST_SECRET_LENGTH = 16;

/**
 * Reads and checks the variables. An empty variable counts as unset, as in a compose file. Each fault is one
 * line that names the variable and what would be right; values that may hold a secret are not repeated.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): ConfigResult {
  const faults: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | Fault): T => {
    const text = env[name]?.trim() ?? "";
    if (text === "") return fallback;
    const value = parse(text);
    if (!isFault(value)) return value;
    faults.push(`${name}: ${value.fault}`);
    return fallback;
  };
  const publicUrl = read<string | null>("PUBLIC_URL", null, parsePublicUrl);
  const config: Config = {
    port: read("PORT", 8080, parsePort),
    host: read("HOST", "127.0.0.1", parseHost),
    dataDir: resolve(cwd, read("DATA_DIR", "data", parseDataDir)),
    databaseUrl: read<string | null>("DATABASE_URL", null, parseDatabaseUrl),
    publicUrl,
    secret: read<string | null>("SIGNALBOX_SECRET", null, parseSecret),
    apiKey: read<string | null>("SIGNALBOX_API_KEY", null, parseApiKey),
    role: read<Role>("SIGNALBOX_ROLE", "all", (text) => oneOf(ROLES, text)),
    template: read<Template>("SIGNALBOX_TEMPLATE", "resort", (text) => oneOf(TEMPLATES, text)),
    trustedProxies: read<string[]>("TRUSTED_PROXIES", [], parseCidrs),
    allowPrivateTargets: read<string[]>("ALLOW_PRIVATE_TARGETS", [], parseCidrs),
    smtpUrl: read<string | null>("SMTP_URL", null, parseSmtpUrl),
    mailFrom: read("MAIL_FROM", defaultSender(publicUrl), parseSender),
    isDevelopment: read("NODE_ENV", "production", (text) => oneOf(MODES, text)) === "development",
    logLevel: read<LogLevel>("LOG_LEVEL", "info", (text) => oneOf(LEVELS, text)),
    prettyLogs: process.stdout.isTTY === true,
  };
  return faults.length === 0 ? { ok: true, config } : { ok: false, faults };
}

/** The base of all addresses, once the port is known. */
export function publicUrlAt(config: Config, port: number): string {
  return config.publicUrl ?? `http://localhost:${port}`;
}

interface Fault {
  fault: string;
}

function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "fault" in value;
}

function oneOf<T extends string>(allowed: readonly T[], text: string): T | Fault {
  return (
    allowed.find((one) => one === text) ?? { fault: `"${text}" is not known; use ${allowed.join(", ")}` }
  );
}

function parseDataDir(text: string): string | Fault {
  // Folders of the kernel cannot hold files, and making one there never ends.
  const isKernels = /^\/(proc|sys|dev)(\/|$)/.test(resolve(text));
  return isKernels ? { fault: `"${text}" cannot hold files; use a folder on a disk` } : text;
}

function parsePort(text: string): number | Fault {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  return { fault: `"${text}" is not a port; use a whole number from 1 to 65535` };
}

function parseHost(text: string): string | Fault {
  const isName = /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(text);
  // A name made of numbers and dots alone is a mistyped address.
  if (isIP(text) !== 0 || (isName && !/^[\d.]+$/.test(text))) return text;
  return { fault: `"${text}" is not an address to listen on; use one such as 127.0.0.1, 0.0.0.0 or ::` };
}

function parsePublicUrl(text: string): string | Fault {
  const url = URL.parse(text);
  const right = "use the address the world sees, such as https://sms.example.com";
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    return { fault: `"${text}" is not an http or https address; ${right}` };
  }
  if (url.username !== "" || url.password !== "") return { fault: `it holds a user name; ${right}` };
  if (url.search !== "" || url.hash !== "") return { fault: `"${text}" has a ? or # part; ${right}` };
  return url.href.replace(/\/+$/, "");
}

/** Several hosts with ports are no URL to the URL parser, so the shape is checked here. */
function parseDatabaseUrl(text: string): string | Fault {
  const host = String.raw`(\[[\da-f:.]+\]|[^\s:@/?#,[\]]+)(:\d{1,5})?`;
  const shape = new RegExp(
    String.raw`^postgres(ql)?:\/\/([^\s@/?#]*@)?(${host}(,${host})*)?(\/[^\s?#]*)?(\?[^\s#]*)?$`,
    "i",
  );
  if (shape.test(text)) return text;
  return { fault: "not a PostgreSQL address; use postgres://user:password@host:5432/database" };
}

function parseSmtpUrl(text: string): string | Fault {
  const url = URL.parse(text);
  if (url !== null && ["smtp:", "smtps:"].includes(url.protocol) && url.hostname !== "") return text;
  return { fault: "not a mail server; use smtp://user:password@host:587 or smtps://user:password@host:465" };
}

function parseSecret(text: string): string | Fault {
  if (text.length >= LEAST_SECRET_LENGTH) return text;
  return {
    fault: `too short; use at least ${LEAST_SECRET_LENGTH} characters, such as from "openssl rand -hex 32"`,
  };
}

function parseApiKey(text: string): string | Fault {
  if (/^sk_live_[\w-]{40}$/.test(text)) return text;
  return { fault: "not an API key; use sk_live_ followed by 40 letters and digits" };
}

function parseSender(text: string): string | Fault {
  if (/^[^\s@<>]+@[^\s@<>]+$|^[^<>\r\n]*<[^\s@<>]+@[^\s@<>]+>$/.test(text)) return text;
  return { fault: `"${text}" is not a sender; use one such as Signalbox <signalbox@example.com>` };
}

function defaultSender(publicUrl: string | null): string {
  const host = publicUrl === null ? "localhost" : new URL(publicUrl).hostname;
  return `Signalbox <signalbox@${isIP(host) === 0 && !host.startsWith("[") ? host : "localhost"}>`;
}

/** Separated by commas or blanks; a plain address stands for itself alone. */
function parseCidrs(text: string): string[] | Fault {
  const cidrs: string[] = [];
  for (const part of text.split(/[\s,]+/).filter((one) => one !== "")) {
    const cidr = parseCidr(part);
    if (cidr === null) {
      return { fault: `"${part}" is not a network; use a list such as 10.0.0.0/8,192.168.1.7,fd00::/8` };
    }
    cidrs.push(cidr);
  }
  return cidrs;
}

function parseCidr(text: string): string | null {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = address.includes("%") ? 0 : isIP(address);
  if (family === 0 || rest.length > 0) return null;
  const widest = family === 4 ? 32 : 128;
  if (prefix === undefined) return `${address}/${widest}`;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= widest ? `${address}/${Number(prefix)}` : null;
}
