import type { ActiveChannel } from "./channels/types.ts";
import { notFound } from "./domain/errors.ts";
import { newId } from "./domain/ids.ts";
import { normalisePhone } from "./domain/phone.ts";
import type { ApiDeps, Preview } from "./http/api/deps.ts";
import { compileBoard } from "./router/commands/board.ts";
import { route } from "./router/route.ts";
import { boardItemsSince } from "./store/board.ts";
import type { Reader } from "./store/database.ts";
import { loadPeople, loadReporterStates } from "./store/routing.ts";
import { loadTenantConfig } from "./store/tenants.ts";
import type { Clock } from "./tools/clock.ts";

/** What a text would do: the same look and the same decision as the inbox worker's, thrown away. */
export function createPreview(deps: {
  channels: { defaultOf(tenantId: string): ActiveChannel | null };
  clock: Clock;
  hashPin: (reporterId: string, pin: string) => string;
}): ApiDeps["preview"] {
  return async (reader: Reader, request): Promise<Preview> => {
    const config = await loadTenantConfig(reader, request.tenantId);
    if (!config) throw notFound("tenant");
    const { items } = await boardItemsSince(reader, request.tenantId, -1);
    const board = compileBoard(
      config.kinds,
      items.map((entry) => entry.item),
    );
    const from = normalisePhone(request.from, config.tenant.country);
    const channel = deps.channels.defaultOf(request.tenantId);
    const reporter = config.reporters.get(from) ?? null;
    const states = reporter ? await loadReporterStates(reader, [reporter.id]) : [];
    const key = {
      tenantId: request.tenantId,
      channelId: channel?.id ?? "",
      address: channel?.address ?? "",
      phone: from,
    };
    const [person] = await loadPeople(reader, [key]);
    const decision = route({
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
      conversation: person?.state ?? {},
      optedOut: person?.suppressed ?? false,
      fromOwnAddress: config.ownAddresses.has(from),
      hashPin: (pin) => deps.hashPin(reporter?.id ?? "", pin),
    });
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
