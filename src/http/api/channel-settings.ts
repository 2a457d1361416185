import { z } from "zod";
import type { ChannelProvider, SettingField } from "../../channels/types.ts";
import type { Issue } from "../../domain/errors.ts";
import { HubError } from "../../domain/errors.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { parseAddressList } from "../../tools/address-list.ts";
import type { SecretBox } from "../../tools/secrets.ts";

/** Settings of a channel, read by what its provider declares. Secrets go in and never come out again. */

/** Stands for a secret in every answer; sent back, it leaves the secret as it is. */
const MASK = "••••";

const LONGEST_VALUE = 5_000;

/** Every channel may take it; honoured in development only. */
const BYPASS: SettingField = {
  key: "bypassVerification",
  label: "Skip verification",
  help: "Believes every request. Works in development only.",
  type: "boolean",
  required: false,
  secret: false,
  example: "false",
  advanced: true,
};

const CONSENT_ANSWERS: SettingField = {
  key: "consentAnswers",
  label: "Who answers STOP, START and HELP",
  help: "One of them, never two. `network`: toll-free numbers. Left out: the provider where it does so by itself, else Signalbox.",
  type: "choice",
  choices: ["network", "provider", "signalbox"],
  required: false,
  secret: false,
  example: "signalbox",
  advanced: true,
};

const MEDIA_HOSTS: SettingField = {
  key: "mediaHosts",
  label: "More hosts of files",
  help: "Where files of texts may be fetched besides the provider's own hosts, separated by blanks. They are never shown credentials.",
  type: "text",
  required: false,
  secret: false,
  example: "media.example.com *.example.org",
  advanced: true,
};

/** What every channel may have set besides its provider's own settings. */
const COMMON = [BYPASS, CONSENT_ANSWERS, MEDIA_HOSTS];

export const Provider = z.object({
  provider: z.string(),
  title: z.string(),
  settings: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      help: z.string(),
      type: z.enum(["text", "url", "address-list", "choice", "boolean"]),
      required: z.boolean(),
      secret: z.boolean(),
      proves: z.boolean().optional().describe("Requests are proven with it"),
      example: z.string(),
      placeholder: z.string().optional(),
      choices: z.array(z.string()).optional(),
      advanced: z.boolean().optional(),
    }),
  ),
  doors: z.array(z.object({ kind: z.string(), help: z.string() })),
  maxSegments: z.number(),
  sendsMedia: z.number().describe("Files one text may carry"),
});
export type Provider = z.infer<typeof Provider>;

export function providerView(provider: ChannelProvider): Provider {
  const { provider: key, title, settings, doors, maxSegments } = provider;
  return { provider: key, title, settings, doors, maxSegments, sendsMedia: provider.sendsMedia?.most ?? 0 };
}

type Values = Record<string, unknown>;

export interface SplitSettings {
  plain: Values;
  secrets: Values;
}

/**
 * What the settings are once `given` is laid over `stored`. Throws a validation error that names every fault
 * by its path, such as `settings.allowedIps`; a value is never repeated.
 */
export function mergeSettings(
  provider: ChannelProvider,
  given: Values,
  stored: SplitSettings,
): SplitSettings {
  const fields = new Map([...COMMON, ...provider.settings].map((field) => [field.key, field]));
  const before: Values = { ...stored.plain, ...stored.secrets };
  const values: Values = {};
  for (const key of fields.keys()) if (before[key] !== undefined) values[key] = before[key];
  const issues = new Map<string, string>();
  for (const [key, raw] of Object.entries(given)) {
    const field = fields.get(key);
    if (!field) {
      issues.set(cleanText(key), `is not a setting of ${provider.title}`);
    } else if (field.secret && raw === MASK) {
      if (values[key] === undefined)
        issues.set(key, `${MASK} stands for a secret that is kept, and there is none yet`);
    } else if (raw === null || raw === "") {
      delete values[key];
    } else {
      const read = readValue(field, raw);
      if ("fault" in read) issues.set(key, read.fault);
      else values[key] = read.value;
    }
  }
  if (originOf(values.apiUrl) !== originOf(before.apiUrl)) {
    // Whoever may not see a secret must not be able to have it sent to a place of their own.
    for (const { key, secret } of provider.settings) {
      const isKept = secret && before[key] !== undefined && values[key] === before[key];
      if (isKept && (given[key] === undefined || given[key] === MASK)) {
        issues.set(key, "must be given again when apiUrl points to another host");
      }
    }
  }
  for (const { path, message } of provider.check(values)) if (!issues.has(path)) issues.set(path, message);
  for (const field of provider.settings) {
    if (field.required && values[field.key] === undefined && !issues.has(field.key))
      issues.set(field.key, "is required");
  }
  if (issues.size > 0) throw settingsError(issues);
  return split(fields, values);
}

function originOf(url: unknown): string | null {
  return typeof url === "string" ? (URL.parse(url)?.origin ?? url) : null;
}

function settingsError(faults: Map<string, string>): HubError {
  const issues = [...faults].map(([key, message]): Issue => ({ path: `settings.${key}`, message }));
  return new HubError(
    "validation_error",
    issues.map(({ path, message }) => `${path}: ${message}`).join("; "),
    issues,
  );
}

function split(fields: Map<string, SettingField>, values: Values): SplitSettings {
  const parts: SplitSettings = { plain: {}, secrets: {} };
  for (const [key, value] of Object.entries(values)) {
    if (fields.get(key)?.secret) parts.secrets[key] = value;
    else parts.plain[key] = value;
  }
  return parts;
}

type Read = { value: unknown } | { fault: string };

function readValue(field: SettingField, raw: unknown): Read {
  switch (field.type) {
    case "boolean":
      return typeof raw === "boolean" ? { value: raw } : { fault: "must be true or false" };
    case "address-list":
      return readAddresses(raw);
    case "choice":
    case "text":
    case "url":
      if (typeof raw !== "string") return { fault: "must be a text" };
      if (raw.length > LONGEST_VALUE) return { fault: `must have at most ${LONGEST_VALUE} characters` };
      return readText(field, cleanText(raw).trim());
    default:
      return field.type satisfies never;
  }
}

function readText(field: SettingField, text: string): Read {
  if (text === "") return { fault: "must not be empty" };
  if (field.type === "choice" && !field.choices?.includes(text)) {
    return { fault: `must be one of ${(field.choices ?? []).join(", ")}` };
  }
  if (field.type === "url" && !/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    return { fault: "must be an http or https address" };
  }
  return { value: text };
}

function readAddresses(raw: unknown): Read {
  const isList = Array.isArray(raw) && raw.every((one) => typeof one === "string");
  if (!isList && typeof raw !== "string") return { fault: "must be a list of addresses" };
  const texts = isList ? raw.map(cleanText) : [cleanText(raw as string)];
  if (texts.join(",").length > LONGEST_VALUE)
    return { fault: `must have at most ${LONGEST_VALUE} characters` };
  const parsed = parseAddressList(texts);
  return parsed.ok ? { value: parsed.list.blocks.map((block) => block.text) } : { fault: parsed.message };
}

/** Which settings differ, by key: for the audit, which must not hold values. */
export function changedKeys(before: SplitSettings, after: SplitSettings): string[] {
  const old: Values = { ...before.plain, ...before.secrets };
  const now: Values = { ...after.plain, ...after.secrets };
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
}

/** The settings as anybody may see them. */
export function maskedSettings(settings: SplitSettings): Values {
  const shown: Values = { ...settings.plain };
  for (const key of Object.keys(settings.secrets)) shown[key] = MASK;
  return shown;
}

/** What the `secrets` column holds: the channel's id keeps it from being opened for another one. */
export function sealSecrets(box: SecretBox, channelId: string, secrets: Values): string | null {
  return Object.keys(secrets).length === 0 ? null : box.seal(JSON.stringify(secrets), channelId);
}

/** The stored settings. Secrets sealed with another key are as good as none: they must be given again. */
export function openSettings(
  box: SecretBox,
  row: { id: string; settings: Values; secrets: string | null },
): SplitSettings {
  const plain = row.settings;
  if (row.secrets === null) return { plain, secrets: {} };
  try {
    return { plain, secrets: JSON.parse(box.open(row.secrets, row.id)) as Values };
  } catch {
    return { plain, secrets: {} };
  }
}
