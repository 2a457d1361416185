import type { ActiveChannel } from "./channels/types.ts";
import { optOutsOf } from "./domain/consent.ts";
import { notFound } from "./domain/errors.ts";
import { newId } from "./domain/ids.ts";
import { normalisePhone } from "./domain/phone.ts";
import type { ApiDeps, Preview } from "./http/api/deps.ts";
import { compileBoard } from "./router/commands/board.ts";
import { heedMarks } from "./router/guard-memory.ts";
import { route } from "./router/route.ts";
import type { RouteInput } from "./router/types.ts";
import type { RuleBook } from "./rule-book.ts";
import { boardItemsSince } from "./store/board.ts";
import type { Reader } from "./store/database.ts";
import { loadPeople, loadReporterStates } from "./store/routing.ts";
import { loadTenantConfig } from "./store/tenants.ts";
import type { Clock } from "./tools/clock.ts";

export interface PreviewDeps {
  channels: {
    defaultOf(tenantId: string): ActiveChannel | null;
    isOwnAddress(address: string): boolean;
  };
  clock: Clock;
  hashPin: (reporterId: string, pin: string) => string;
  rulesOf: RuleBook["rulesOf"];
}

/** What a text would do: the same look and the same decision as the inbox worker's, thrown away. */
export function createPreview(deps: PreviewDeps): ApiDeps["preview"] {
  return async (reader: Reader, request): Promise<Preview> => {
    const input = await lookAt(deps, reader, request, null);
    const { board, reporter } = input;
    const decision = route(input);
    const changes = decision.effects.filter((effect) => effect.kind === "change-board");
    const replies = decision.effects.filter((effect) => effect.kind === "send-text");
    return {
      outcome: decision.log.outcome,
      class: decision.class,
      reporter: reporter ? { id: reporter.id, name: reporter.name } : null,
      meaning: decision.log.meaning,
      changes: changes.map(({ itemId, field, from: old, to }) => ({
        itemId,
        item: board.items.get(itemId)?.name ?? itemId,
        field,
        from: old,
        to,
      })),
      replies: replies.map(({ key: replyKey, text, withheld }) => ({ key: replyKey, text, withheld })),
      trace: decision.log.trace,
    };
  };
}

/** All that a decision about this text looks at, as the inbox worker would see it now. */
export async function lookAt(
  deps: PreviewDeps,
  reader: Reader,
  request: { tenantId: string; from: string; text: string },
  /** The channel that is texted; null = the default one. */
  texted: ActiveChannel | null,
): Promise<RouteInput> {
  const config = await loadTenantConfig(reader, request.tenantId);
  if (!config) throw notFound("tenant");
  const { items } = await boardItemsSince(reader, request.tenantId, -1);
  const board = compileBoard(
    config.kinds,
    items.map((entry) => entry.item),
  );
  const from = normalisePhone(request.from, config.tenant.country);
  const channel = texted ?? deps.channels.defaultOf(request.tenantId);
  const reporter = config.reporters.get(from) ?? null;
  const states = reporter ? await loadReporterStates(reader, [reporter.id]) : [];
  const key = {
    tenantId: request.tenantId,
    channelId: channel?.id ?? "",
    address: channel?.address ?? "",
    phone: from,
  };
  const [person] = await loadPeople(reader, [key]);
  const rules = await deps.rulesOf(reader, config.tenant);
  const { channelId } = key;
  const ref = person?.ref ?? null;
  const optOuts = optOutsOf(person?.optedOutOf ?? [], key.address);
  const input: RouteInput = {
    arrival: {
      kind: "message",
      providerMessageId: null,
      from,
      to: channel?.address ?? "",
      text: request.text,
      media: [],
      providerTime: null,
      providerContactId: null,
    },
    now: deps.clock.now(),
    newId,
    settings: config.tenant.settings,
    board,
    reporter,
    reporterState: states[0]?.state ?? {},
    conversation: heedMarks(person?.state ?? {}, person ?? { releasedAt: null, spokenAt: null }),
    optedOut: optOuts.all || optOuts.address,
    optOuts,
    fromOwnAddress: deps.channels.isOwnAddress(from),
    rules,
    place: { channelId, deviceId: channelId, tenantName: config.tenant.name, ref, contact: {} },
    hashPin: (pin) => deps.hashPin(reporter?.id ?? "", pin),
  };
  return input;
}
