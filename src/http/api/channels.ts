import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ActiveChannel, ChannelProvider } from "../../channels/types.ts";
import { invalid, notFound } from "../../domain/errors.ts";
import type { MessageFault } from "../../domain/events.ts";
import { messageFailed } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { OUTCOME_RULES } from "../../domain/outcome.ts";
import { isPhoneNumber, normalisePhone } from "../../domain/phone.ts";
import { audit } from "../../store/audit.ts";
import type { StoredChannel as Row } from "../../store/channels.ts";
import { channelById, dropLane, insertChannel, listChannels, updateChannel } from "../../store/channels.ts";
import type { Tx } from "../../store/database.ts";
import { saveLane } from "../../store/lanes.ts";
import { failWaiting } from "../../store/messages.ts";
import { insertEvents } from "../../store/routing.ts";
import { bumpConfig } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import { checkFallback, FallbackId } from "./channel-fallback.ts";
import { openChannel } from "./channel-pause.ts";
import { KeepHours, proofBefore } from "./channel-proof.ts";
import {
  changedKeys,
  mergeSettings,
  openSettings,
  Provider,
  providerView,
  sealSecrets,
} from "./channel-settings.ts";
import { Channel, channelRevision, channelViewer, showChannel } from "./channel-view.ts";
import type { ApiDeps } from "./deps.ts";
import { messageView } from "./messages.ts";
import { countryOf, queueText } from "./queue-text.ts";
import { heedIfMatch } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, name, Phone, page, pageOf, readCursor } from "./shapes.ts";

const Settings = z.record(z.string(), z.unknown());
const Rate = z
  .number()
  .min(0.01)
  .max(20_000)
  .nullable()
  .describe("Texts a second; null: as the provider allows");

const NewChannel = z.object({
  provider: z.string().max(100),
  name: name(),
  address: name(40).describe("The number or short code it answers on"),
  settings: Settings.default({}).describe("As `GET /v1/providers` declares them"),
  isDefault: z
    .boolean()
    .optional()
    .describe("Texts without a channel leave from it; the first one is it anyway"),
  rate: Rate.optional(),
  fallbackChannelId: FallbackId.optional(),
});

const ChannelChange = z.object({
  provider: z.string().max(100).optional().describe("Cannot be changed"),
  name: name().optional(),
  address: name(40).optional(),
  settings: Settings.optional().describe(
    "Merged: what is missing stays, null removes, •••• leaves a secret as it is",
  ),
  isDefault: z.boolean().optional(),
  rate: Rate.optional(),
  fallbackChannelId: FallbackId.optional(),
  keepPreviousSecretHours: KeepHours,
});
type ChannelChange = z.infer<typeof ChannelChange>;

const TestOrder = z
  .object({ to: Phone.optional().describe("Also sends a test text to this number") })
  .nullish();
const TestResult = z.object({
  ok: z.boolean(),
  outcome: z.string(),
  message: z.string(),
  messageId: z.string().optional().describe("The test text, once it is queued"),
});

const REMOVED: MessageFault = {
  code: "no_channel",
  providerCode: null,
  text: "Its channel was removed before it could leave.",
  fault: "channel",
};

export function channelRoutes(app: ApiApp, deps: ApiDeps): void {
  const one = { tags: ["channels"], params: IdParams };

  app.get(
    "/v1/providers",
    { schema: { tags: ["channels"], response: { 200: page(Provider) } } },
    async () => {
      const providers = [...deps.providers.values()].sort((a, b) => a.title.localeCompare(b.title));
      return { data: providers.map(providerView), nextCursor: null };
    },
  );

  app.get(
    "/v1/channels",
    { schema: { tags: ["channels"], querystring: ListQuery, response: { 200: page(Channel) } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { limit, cursor } = request.query;
      const rows = await listChannels(deps.database, tenantId, readCursor(cursor), limit + 1);
      const view = await channelViewer(deps, tenantId, rows);
      return pageOf(rows, limit, (row) => row.id, view);
    },
  );

  app.post(
    "/v1/channels",
    { schema: { tags: ["channels"], body: NewChannel, response: { 201: Channel } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { body } = request;
      const provider = providerOf(deps, body.provider);
      const settings = mergeSettings(provider, body.settings, { plain: {}, secrets: {} });
      const address = await readAddress(deps, tenantId, body.address);
      const id = newId("chn");
      const rate = body.rate ?? null;
      const fallbackId = body.fallbackChannelId ?? null;
      await deps.database.transact(async (tx) => {
        // First, since it locks the tenant: of two first channels made at once one becomes the default.
        await bumpConfig(tx, tenantId);
        await checkFallback(tx, tenantId, id, fallbackId);
        const isFirst = (await listChannels(tx, tenantId, null, 1)).length === 0;
        await insertChannel(tx, {
          id,
          tenantId,
          provider: provider.provider,
          name: body.name,
          address,
          settings: settings.plain,
          secrets: sealSecrets(deps.box, id, settings.secrets),
          token: newToken(),
          isDefault: isFirst || body.isDefault === true,
          rate,
          fallbackId,
        });
        await saveLane(tx, { id, tenantId, ...deps.laneOf(provider, rate) });
        const detail = { provider: provider.provider, name: body.name, address };
        await audit(tx, { tenantId, actor, action: "channel.created", object: id, detail });
      });
      await deps.channels.refresh();
      return reply.code(201).send(await showChannel(deps, tenantId, id));
    },
  );

  app.get("/v1/channels/:id", { schema: { ...one, response: { 200: Channel } } }, async (request) =>
    showChannel(deps, callerOf(request).tenantId, request.params.id),
  );

  app.patch(
    "/v1/channels/:id",
    { schema: { ...one, body: ChannelChange, response: { 200: Channel } } },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const address = request.body.address && (await readAddress(deps, tenantId, request.body.address));
      const changed = await deps.database.transact(async (tx) => {
        await bumpConfig(tx, tenantId);
        const row = await find(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(row));
        const changes = await change(tx, deps, row, { ...request.body, ...(address && { address }) });
        if (changes.length === 0) return changes;
        await audit(tx, {
          tenantId,
          actor,
          action: "channel.changed",
          object: id,
          detail: { changed: changes },
        });
        return changes;
      });
      if (changed.length > 0) {
        await deps.channels.refresh();
        deps.wakeOutbox();
      }
      return showChannel(deps, tenantId, id);
    },
  );

  app.delete(
    "/v1/channels/:id",
    { schema: { ...one, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await deps.database.transact(async (tx) => {
        await bumpConfig(tx, tenantId);
        const row = await find(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(row));
        const now = new Date(deps.clock.now());
        await updateChannel(tx, tenantId, id, { deletedAt: now, secrets: null, proofBefore: null });
        await dropLane(tx, id);
        const at = now.toISOString();
        const ended = await failWaiting(tx, tenantId, id, REMOVED, at);
        await insertEvents(
          tx,
          ended.map((message) =>
            messageFailed(tenantId, messageView(message, deps.publicUrl()), REMOVED, at),
          ),
        );
        const detail = { provider: row.provider, name: row.name, address: row.address };
        await audit(tx, { tenantId, actor, action: "channel.removed", object: id, detail });
      });
      await deps.channels.refresh();
      deps.eventsWritten();
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/v1/channels/:id/rotate-token",
    { schema: { ...one, description: "The old address is dead at once.", response: { 200: Channel } } },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await deps.database.transact(async (tx) => {
        await bumpConfig(tx, tenantId);
        await find(tx, tenantId, id);
        await updateChannel(tx, tenantId, id, { token: newToken() });
        await audit(tx, { tenantId, actor, action: "channel.token_rotated", object: id });
      });
      await deps.channels.refresh();
      return showChannel(deps, tenantId, id);
    },
  );

  app.post(
    "/v1/channels/:id/test",
    {
      schema: {
        ...one,
        description:
          "Asks the provider whether the credentials are good; sends nothing unless `to` is given.",
        body: TestOrder,
        response: { 200: TestResult },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const channel = await activeChannel(deps, tenantId, request.params.id);
      const outcome = await deps.probe(channel);
      const ok = outcome.kind === "accepted" || outcome.kind === "parked";
      const result = { ok, outcome: outcome.kind, message: inWords(outcome) };
      if (!ok) return result;
      await deps.database.transact((tx) => openChannel(tx, channel));
      deps.wakeOutbox();
      const to = request.body?.to;
      if (to === undefined) return result;
      const text = `Test text from Signalbox, channel ${channel.name}.`;
      const queued = await queueText(deps, tenantId, { to, text, ref: null, channelId: channel.id });
      return { ...result, messageId: queued.id };
    },
  );
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function providerOf(deps: ApiDeps, provider: string): ChannelProvider {
  const known = deps.providers.get(provider);
  if (known) return known;
  throw invalid("provider", `is not known; there is ${[...deps.providers.keys()].sort().join(", ")}`);
}

async function readAddress(deps: ApiDeps, tenantId: string, raw: string): Promise<string> {
  const address = normalisePhone(raw, await countryOf(deps, tenantId));
  const isShortCode = /^\d{3,8}$/.test(address);
  const isName = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(address);
  if (isPhoneNumber(address) || isShortCode || isName) return address;
  throw invalid(
    "address",
    "is no number like +14155550100, no short code and no sender name of up to 11 letters",
  );
}

function editedOf(row: Row) {
  return { object: row.id, actions: "channel.", revision: channelRevision(row), updatedAt: row.updated_at };
}

async function find(tx: Tx, tenantId: string, id: string): Promise<Row> {
  const row = await channelById(tx, tenantId, id);
  if (!row) throw notFound("channel");
  return row;
}

/** Writes what differs and answers its names. A lane that waited for a better credential opens. */
async function change(tx: Tx, deps: ApiDeps, row: Row, wanted: ChannelChange): Promise<string[]> {
  if (wanted.provider !== undefined && wanted.provider !== row.provider) {
    throw invalid("provider", "cannot be changed; make another channel");
  }
  const provider = providerOf(deps, row.provider);
  const fields = {
    ...(wanted.name !== undefined && wanted.name !== row.name && { name: wanted.name }),
    ...(wanted.address !== undefined && wanted.address !== row.address && { address: wanted.address }),
    ...(wanted.isDefault !== undefined &&
      wanted.isDefault !== row.is_default && { isDefault: wanted.isDefault }),
    ...(wanted.rate !== undefined && wanted.rate !== row.rate && { rate: wanted.rate }),
    ...(wanted.fallbackChannelId !== undefined &&
      wanted.fallbackChannelId !== row.fallback_id && { fallbackId: wanted.fallbackChannelId }),
  };
  if (fields.fallbackId) await checkFallback(tx, row.tenant_id, row.id, fields.fallbackId);
  const stored = openSettings(deps.box, row);
  const merged = wanted.settings ? mergeSettings(provider, wanted.settings, stored) : stored;
  const keys = changedKeys(stored, merged);
  const proof = proofBefore(deps.box, row, provider, {
    before: stored,
    after: merged,
    hours: wanted.keepPreviousSecretHours,
    now: deps.clock.now(),
  });
  const changes = [
    ...Object.keys(fields),
    ...keys.map((key) => `settings.${key}`),
    ...(proof === null ? ["previousSecret"] : []),
  ];
  if (changes.length === 0) return changes;
  await updateChannel(tx, row.tenant_id, row.id, {
    ...fields,
    ...(proof !== undefined && { proofBefore: proof }),
    ...(keys.length > 0 && {
      settings: merged.plain,
      secrets: sealSecrets(deps.box, row.id, merged.secrets),
    }),
  });
  if (fields.rate !== undefined) {
    await saveLane(tx, { id: row.id, tenantId: row.tenant_id, ...deps.laneOf(provider, fields.rate) });
  }
  if (keys.length > 0) await openChannel(tx, { id: row.id, tenantId: row.tenant_id });
  return changes;
}

async function activeChannel(deps: ApiDeps, tenantId: string, id: string): Promise<ActiveChannel> {
  const known = deps.channels.byId(id);
  if (!known) await deps.channels.refresh();
  const channel = known ?? deps.channels.byId(id);
  if (channel?.tenantId !== tenantId) throw notFound("channel");
  return channel;
}

function inWords(outcome: Outcome): string {
  if (outcome.kind === "accepted" || outcome.kind === "parked") return "The channel works.";
  return `${OUTCOME_RULES[outcome.kind].words}: ${outcome.text}`;
}
