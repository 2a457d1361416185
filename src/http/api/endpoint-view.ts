import { HubError, invalid, notFound } from "../../domain/errors.ts";
import type { Reader } from "../../store/database.ts";
import type { StoredSecret } from "../../store/endpoint-secrets.ts";
import { liveSecrets } from "../../store/endpoint-secrets.ts";
import type { EndpointSource, StoredEndpoint } from "../../store/endpoints.ts";
import { endpointById } from "../../store/endpoints.ts";
import type { ApiDeps } from "./deps.ts";
import type { EndpointView } from "./endpoint-shape.ts";
import { DOTS } from "./endpoint-shape.ts";
import { revisionOf } from "./revisions.ts";

/** An endpoint as the API shows it: what is secret is told by dots, or by when it ends. */

export async function findEndpoint(reader: Reader, tenantId: string, id: string): Promise<StoredEndpoint> {
  const row = await endpointById(reader, tenantId, id);
  if (!row) throw notFound("endpoint");
  return row;
}

export async function showEndpoint(deps: ApiDeps, tenantId: string, id: string): Promise<EndpointView> {
  const row = await findEndpoint(deps.database, tenantId, id);
  return (await endpointViewer(deps, [row]))(row);
}

/** Reads what the views of these endpoints need, at once. */
export async function endpointViewer(
  deps: ApiDeps,
  rows: StoredEndpoint[],
): Promise<(row: StoredEndpoint) => EndpointView> {
  const secrets =
    rows.length > 0
      ? await liveSecrets(
          deps.database,
          rows.map(({ id }) => id),
        )
      : [];
  const secretsOf = Map.groupBy(secrets, (secret) => secret.endpoint_id);
  return (row) => viewOf(deps, row, secretsOf.get(row.id) ?? []);
}

function viewOf(deps: ApiDeps, row: StoredEndpoint, secrets: StoredSecret[]): EndpointView {
  const { kind, ...formatOptions } = row.format_options;
  return {
    id: row.id,
    source: sourceOf(row),
    sourceId: row.source_id,
    url: row.url,
    types: typeof kind === "string" ? [kind] : row.types,
    channelIds: row.channel_ids,
    format: row.format,
    formatOptions,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    rate: row.rate,
    concurrency: row.concurrency,
    timeoutMs: row.timeout_ms,
    schedule: row.schedule,
    ordering: row.ordering,
    onExhausted: row.on_exhausted,
    signing: row.signing,
    headers: Object.fromEntries(Object.keys(openHeaders(deps, row)).map((header) => [header, DOTS])),
    secretSet: secrets.length > 0,
    publicKey: publicKeyOf(deps, secrets),
    secrets: secrets.map((secret) => ({
      id: secret.id,
      kind: secret.kind,
      createdAt: secret.created_at.toISOString(),
      validUntil: secret.expires_at?.toISOString() ?? null,
    })),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    revision: revisionOf(row),
  };
}

/** Which texts an integration hears of is its own matter. */
function sourceOf(row: StoredEndpoint): EndpointView["source"] {
  const source = row.source as EndpointSource;
  return source === "integration_replies" ? "integration" : source;
}

function publicKeyOf(deps: ApiDeps, secrets: StoredSecret[]): string | null {
  const current = secrets.find((secret) => secret.kind === "ed25519");
  return current ? deps.publicKeyOf(openSecret(deps, current)) : null;
}

export function openSecret(deps: ApiDeps, secret: StoredSecret): string {
  return opened(() => deps.box.open(secret.sealed, `${secret.endpoint_id} ${secret.id}`));
}

export function openHeaders(deps: ApiDeps, row: StoredEndpoint): Record<string, string> {
  const { headers } = row;
  if (headers === null) return {};
  return opened(() => JSON.parse(deps.box.open(headers, row.id)));
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch {
    throw new HubError(
      "conflict",
      "A secret of this endpoint cannot be read; is SIGNALBOX_SECRET the same as when it was saved?",
    );
  }
}

/** Lays given headers over those there are: null takes one away, dots leave it. Null: there are none. */
export function sealHeaders(
  deps: ApiDeps,
  endpointId: string,
  stored: Record<string, string>,
  given: Record<string, string | null>,
): string | null {
  const merged = new Map(Object.entries(stored));
  for (const [header, value] of Object.entries(given)) {
    if (value === null) merged.delete(header);
    else if (value !== DOTS) merged.set(header, value);
    else if (!merged.has(header)) throw invalid(`headers.${header}`, "has no value yet");
  }
  if (merged.size === 0) return null;
  return deps.box.seal(JSON.stringify(Object.fromEntries(merged)), endpointId);
}
