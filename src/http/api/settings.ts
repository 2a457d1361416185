import { z } from "zod";
import type { Kind } from "../../domain/board.ts";
import type { Issue } from "../../domain/errors.ts";
import { notFound } from "../../domain/errors.ts";
import type { TenantSettings } from "../../domain/settings.ts";
import { defaultSettings } from "../../domain/settings.ts";
import { audit } from "../../store/audit.ts";
import { boardKinds } from "../../store/board.ts";
import { lockTenant, saveSettings, tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import type { Findings } from "./rule-check.ts";
import { checkTemplate } from "./rule-check.ts";
import { mergeSettings, overridesOf, Settings, SettingsPatch, withZone } from "./settings-shape.ts";
import { page, refuse } from "./shapes.ts";

const Wording = z.object({
  key: z.string(),
  text: z.string().describe("As it comes"),
  own: z.string().nullable().describe("The owner's text that stands for it"),
  variables: z.array(z.string()).describe("What an own text may name, in braces"),
});

export function settingsRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;

  app.get(
    "/v1/settings",
    { schema: { tags: ["settings"], response: { 200: Settings } } },
    async (request) => {
      const tenant = await tenantById(database, callerOf(request).tenantId);
      if (!tenant) throw notFound("account");
      return shown(tenant.settings);
    },
  );

  app.get(
    "/v1/settings/wording",
    {
      schema: {
        tags: ["settings"],
        description: "Every text that commands are answered with. Override them in `commands.wording`.",
        response: { 200: page(Wording) },
      },
    },
    async (request) => {
      const tenant = await tenantById(database, callerOf(request).tenantId);
      if (!tenant) throw notFound("account");
      const { wording } = tenant.settings.commands;
      const data = deps.replyTexts().map((reply) => ({ ...reply, own: wording[reply.key] ?? null }));
      return { data, nextCursor: null };
    },
  );

  app.patch(
    "/v1/settings",
    { schema: { tags: ["settings"], body: SettingsPatch, response: { 200: Settings } } },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const saved = await database.transact(async (tx) => {
        const tenant = await lockTenant(tx, tenantId);
        if (!tenant) throw notFound("account");
        await heedIfMatch(tx, request, {
          object: tenantId,
          actions: "settings.",
          revision: revisionOf(tenant.settings),
          updatedAt: null,
        });
        const settings = mergeSettings(tenant.settings, request.body);
        const faults = [
          ...wordingFaults(request.body, deps.validateWording),
          ...ruleFaults(request.body, await boardKinds(tx, tenantId)),
          ...topicFaults(request.body),
          ...(await defaultReplyFaults(request.body)),
        ];
        refuse("validation_error", faults);
        const overrides = overridesOf(settings, defaultSettings(tenant.name));
        const zone = request.body.board?.timeZone ?? tenant.timeZone;
        await saveSettings(tx, tenantId, withZone(overrides, zone));
        const changed = changesOf(tenant.settings, settings);
        if (Object.keys(changed).length > 0) {
          await audit(tx, { tenantId, actor, action: "settings.changed", object: tenantId, detail: changed });
        }
        return settings;
      });
      // Channels know the brand their texts begin with.
      await deps.channels.refresh();
      return shown(saved);
    },
  );
}

function shown(settings: TenantSettings): z.input<typeof Settings> {
  return { ...settings, revision: revisionOf(settings) };
}

function wordingFaults(patch: SettingsPatch, validate: ApiDeps["validateWording"]): Issue[] {
  return Object.entries(patch.commands?.wording ?? {}).flatMap(([key, text]): Issue[] => {
    if (text === null) return [];
    const message = validate(key, text);
    return message === null ? [] : [{ path: `commands.wording.${key}`, message }];
  });
}

async function defaultReplyFaults(patch: SettingsPatch): Promise<Issue[]> {
  const found: Findings = { issues: [], warnings: [] };
  await checkTemplate(found, "rules.defaultReply", patch.rules?.defaultReply ?? "", null);
  return found.issues;
}

/** A name that is another topic's too, or that STOP has a meaning for, would never be reached. */
function topicFaults(patch: SettingsPatch): Issue[] {
  const taken = new Set(["all"]);
  return (patch.consent?.topics ?? []).flatMap(({ key, name, words }, index): Issue[] => {
    const own = new Set([key, name, ...words].map((word) => word.toLowerCase()));
    const double = [...own].find((word) => taken.has(word));
    for (const word of own) taken.add(word);
    if (double === undefined) return [];
    const message = double === "all" ? "STOP ALL ends everything" : `"${double}" is another topic's too`;
    return [{ path: `consent.topics.${index}`, message }];
  });
}

/** A rule about a value nobody can set would look like protection and be none. Kind `*` is every kind. */
function ruleFaults(patch: SettingsPatch, kinds: Kind[]): Issue[] {
  return (patch.commands?.confirmationRules ?? []).flatMap((rule, index): Issue[] => {
    const at = `commands.confirmationRules.${index}`;
    const meant = kinds.filter(({ key }) => rule.kind === "*" || key === rule.kind);
    if (meant.length === 0) return [{ path: `${at}.kind`, message: `there is no kind "${rule.kind}"` }];
    if (rule.field === null) {
      return rule.value === null
        ? []
        : [{ path: `${at}.field`, message: "must name the field of the value" }];
    }
    const fields = meant.flatMap((kind) => kind.fields).filter(({ key }) => key === rule.field);
    if (fields.length === 0) {
      return [{ path: `${at}.field`, message: `"${rule.kind}" has no field "${rule.field}"` }];
    }
    const values = fields.flatMap((field) => field.values.map(({ key }) => key));
    if (rule.value === null || values.includes(rule.value)) return [];
    return [{ path: `${at}.value`, message: `"${rule.field}" has no value "${rule.value}"` }];
  });
}

function changesOf(
  before: TenantSettings,
  after: TenantSettings,
): Record<string, { from: unknown; to: unknown }> {
  const changed: Record<string, { from: unknown; to: unknown }> = {};
  for (const [section, values] of Object.entries(after)) {
    const old = before[section as keyof TenantSettings] as unknown as Record<string, unknown>;
    for (const [key, to] of Object.entries(values)) {
      const from = old[key];
      if (JSON.stringify(from) !== JSON.stringify(to)) changed[`${section}.${key}`] = { from, to };
    }
  }
  return changed;
}
