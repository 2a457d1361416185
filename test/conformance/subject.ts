import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ChannelProvider, SettingField } from "../../src/channels/types.ts";
import type { OutboundHttp } from "../../src/tools/outbound-http.ts";
import type { ChannelFixture } from "./fixture.ts";
import type { ProviderServer } from "./provider-server.ts";

/** A provider with its table: what the cases are about. */
export interface Subject {
  provider: ChannelProvider;
  fixture: ChannelFixture;
}

/** What a case gets to work with. */
export interface Bench {
  /** Plays the provider's API; forgets everything between cases. */
  server: ProviderServer;
  http: OutboundHttp;
}

export interface Case {
  name: string;
  run(bench: Bench): void | Promise<void>;
}

/** Joins providers with their tables in `folder`; one without a table is named in `missing`. */
export async function loadSubjects(
  providers: Iterable<ChannelProvider>,
  folder: string,
): Promise<{ subjects: Subject[]; missing: string[] }> {
  const subjects: Subject[] = [];
  const missing: string[] = [];
  for (const provider of providers) {
    const path = join(folder, `${provider.provider}.ts`);
    const module: { fixture?: ChannelFixture } = existsSync(path)
      ? await import(pathToFileURL(path).href)
      : {};
    if (module.fixture) subjects.push({ provider, fixture: module.fixture });
    else missing.push(provider.provider);
  }
  return { subjects, missing };
}

export function hasDoor(subject: Subject): boolean {
  return subject.provider.doors.length > 0;
}

/** Values that must never be seen outside. */
export function secretsOf({ provider, fixture }: Subject): string[] {
  return provider.settings
    .filter((field) => field.secret)
    .flatMap((field) => {
      const value = fixture.settings[field.key];
      return typeof value === "string" && value !== "" ? [value] : [];
    });
}

/** The fields of one type the table fills in. */
export function filledFields(subject: Subject, type: SettingField["type"]): SettingField[] {
  const { provider, fixture } = subject;
  return provider.settings.filter(
    (field) => field.type === type && fixture.settings[field.key] !== undefined,
  );
}

/** The settings with the way out pointing at `origin`, and the base path a real address has. */
export function settingsFor(subject: Subject, origin: string): Record<string, unknown> {
  const field = subject.provider.settings.find((one) => one.key === "apiUrl");
  if (!field) return subject.fixture.settings;
  const base = new URL(field.example).pathname.replace(/\/$/, "");
  return { ...subject.fixture.settings, apiUrl: origin + base };
}
