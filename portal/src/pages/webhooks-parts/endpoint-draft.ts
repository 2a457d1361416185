import { api, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import type { Endpoint, NewEndpoint } from "../../api/shapes.ts";
import { readWaits, writeWaits } from "./schedule.ts";

/** An endpoint while a person works on it. */
export interface EndpointDraft {
  url: string;
  format: string;
  types: string[];
  /** Of the format `mobiniti`. */
  kind: string;
  unknownOnly: boolean;
  threshold: number | "";
  channelIds: string[];
  tries: "usual" | "once" | "own";
  waits: string;
  rate: number | "";
  concurrency: number;
  timeoutSeconds: number | "";
  ordering: Endpoint["ordering"];
  onExhausted: Endpoint["onExhausted"];
  signing: Endpoint["signing"];
  secret: string;
  headers: HeaderDraft[];
}

export interface HeaderDraft {
  key: number;
  name: string;
  value: string;
  /** It is there already; its value is not shown. */
  isKept: boolean;
}

export type SavedEndpoint = Endpoint & { secret?: string | null };

let lastKey = 0;

export function newHeader(name = "", isKept = false): HeaderDraft {
  lastKey += 1;
  return { key: lastKey, name, value: "", isKept };
}

export function endpointDraft(endpoint: Endpoint | null): EndpointDraft {
  const options = (endpoint?.formatOptions ?? {}) as { unknownOnly?: boolean; threshold?: number };
  const { schedule = null, format = "signalbox", types = ["*"] } = endpoint ?? {};
  const isMobiniti = format === "mobiniti";
  return {
    url: endpoint?.url ?? "",
    format,
    types: isMobiniti ? ["*"] : types,
    kind: (isMobiniti && types[0]) || "inbound",
    unknownOnly: options.unknownOnly ?? false,
    threshold: options.threshold ?? "",
    channelIds: endpoint?.channelIds ?? [],
    tries: schedule === null ? "usual" : schedule.length === 0 ? "once" : "own",
    waits: writeWaits(schedule ?? []),
    rate: endpoint?.rate ?? "",
    concurrency: endpoint?.concurrency ?? 8,
    timeoutSeconds: endpoint ? endpoint.timeoutMs / 1_000 : "",
    ordering: endpoint?.ordering ?? "none",
    onExhausted: endpoint?.onExhausted ?? "hold",
    signing: endpoint?.signing ?? "v1",
    secret: "",
    headers: Object.keys(endpoint?.headers ?? {}).map((name) => newHeader(name, true)),
  };
}

/** Why the waits cannot be read; null: they can. */
export function waitsFault({ tries, waits }: EndpointDraft): string | null {
  if (tries !== "own" || readWaits(waits) !== null) return null;
  return "must be lengths of time such as 5 s, 5 min, 2 h";
}

/** Makes an endpoint, or changes one; of those that belong to something else only how they are called. */
export function endpointOrder(endpoint: Endpoint | null, draft: EndpointDraft) {
  const calls = callsOf(endpoint, draft);
  const secret = draft.secret.trim();
  const isOwn = endpoint === null || endpoint.source === "endpoint";
  const body: Partial<NewEndpoint> = isOwn ? { ...targetOf(draft), ...calls } : calls;
  return {
    body,
    read: ({ id }: Endpoint) => take(api.GET("/v1/endpoints/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<SavedEndpoint> => {
      if (endpoint) {
        const params = { path: { id: endpoint.id } };
        return take(api.PATCH("/v1/endpoints/{id}", { params, body, ...guard }));
      }
      const whole = { ...targetOf(draft), ...calls, ...(secret !== "" && { secret }) };
      return take(api.POST("/v1/endpoints", { body: whole }));
    },
  };
}

function targetOf(draft: EndpointDraft) {
  const { url, format, channelIds, unknownOnly, threshold } = draft;
  return {
    url,
    format,
    channelIds,
    types: typesOf(draft),
    formatOptions: optionsOf(draft, unknownOnly, threshold),
  };
}

function typesOf({ format, types, kind }: EndpointDraft): string[] {
  if (format === "mobiniti") return [kind];
  return format === "mobile-api-connect" ? ["message.received"] : types;
}

function optionsOf({ format, kind }: EndpointDraft, unknownOnly: boolean, threshold: number | "") {
  if (format !== "mobiniti") return {};
  if (kind === "inbound") return { unknownOnly };
  return kind === "bounce" && threshold !== "" ? { threshold } : {};
}

function callsOf(endpoint: Endpoint | null, draft: EndpointDraft): Omit<NewEndpoint, "url"> {
  const { tries, waits, rate, concurrency, timeoutSeconds, ordering, onExhausted, signing } = draft;
  return {
    schedule: tries === "usual" ? null : tries === "once" ? [] : (readWaits(waits) ?? []),
    rate: rate === "" ? null : rate,
    ...{ concurrency, ordering, onExhausted },
    ...(timeoutSeconds !== "" && { timeoutMs: Math.round(timeoutSeconds * 1_000) }),
    // Named only where it differs: a secret of one's own says by itself how it signs.
    ...(signing !== (endpoint?.signing ?? "v1") && { signing }),
    headers: headersOf(endpoint, draft.headers),
  };
}

/** Those with a value typed in are set, those that are gone are taken away, the rest stays. */
function headersOf(endpoint: Endpoint | null, rows: HeaderDraft[]): Record<string, string | null> {
  const named = rows.filter(({ name }) => name.trim() !== "");
  const left = new Set(named.map(({ name }) => name.trim().toLowerCase()));
  const gone = Object.keys(endpoint?.headers ?? {}).filter((name) => !left.has(name.toLowerCase()));
  const set = named.filter(({ isKept, value }) => !isKept || value !== "");
  return Object.fromEntries([
    ...gone.map((name) => [name, null] as const),
    ...set.map(({ name, value }) => [name.trim(), value] as const),
  ]);
}
