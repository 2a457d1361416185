import { endpointStands } from "../../domain/facts.ts";
import type { Tx } from "../../store/database.ts";
import { dropSecrets, endCurrentSecrets, liveSecrets } from "../../store/endpoint-secrets.ts";
import type { EndpointChange, StoredEndpoint } from "../../store/endpoints.ts";
import {
  discardHeld,
  holdWaiting,
  orderAnew,
  probeLane,
  releaseHeld,
  updateEndpoint,
} from "../../store/endpoints.ts";
import { standingOf } from "../../store/hook-lanes.ts";
import { insertEvents } from "../../store/routing.ts";
import type { ApiDeps } from "./deps.ts";
import { kindsOf, makeSecrets, shownOf, storeSecrets } from "./endpoint-secrets.ts";
import type { EndpointPatch } from "./endpoint-shape.ts";
import { LONGEST_TIMEOUT_MS, readHeaders, readTypes, urlIssues } from "./endpoint-shape.ts";
import { openHeaders, sealHeaders } from "./endpoint-view.ts";
import { given, refuse } from "./shapes.ts";

/** Changing an endpoint: what is possible, and what becomes of what waits. */

/** Where an endpoint that nobody made by hand is changed. */
export function ownerOf({ source }: StoredEndpoint): string {
  if (source === "forward_all")
    return "This is the address all inbound texts are forwarded to: /v1/webhooks.";
  if (source === "rule") return "This address belongs to a rule; change the rule.";
  if (source === "callback") return "This address stands in messages as their callback.";
  return "This address belongs to an integration: /v1/ingress.";
}

export function usualTimeout(deps: ApiDeps, format: string): number {
  return deps.formats.find((one) => one.format === format)?.timeoutMs ?? 8_000;
}

interface Checked {
  types: string[] | undefined;
  kind: { kind?: string };
  headers: Record<string, string | null>;
}

/** All faults of a body at once, each by its field. */
export function checkEndpoint(deps: ApiDeps, tenantId: string, body: EndpointPatch, format: string): Checked {
  const issues = body.url === undefined ? [] : urlIssues(deps, body.url);
  const known = deps.formats.map((one) => one.format);
  if (!known.includes(format))
    issues.push({ path: "format", message: `must be one of ${known.sort().join(", ")}` });
  const wanted = body.types === undefined ? null : readTypes(format, body.types);
  if (wanted && !wanted.ok) issues.push(...wanted.issues);
  const longest = Math.max(LONGEST_TIMEOUT_MS, usualTimeout(deps, format));
  if (body.timeoutMs !== undefined && body.timeoutMs > longest)
    issues.push({ path: "timeoutMs", message: `must be at most ${longest} with this format` });
  const own = new Set(deps.channels.ofTenant(tenantId).map(({ id }) => id));
  for (const [index, id] of (body.channelIds ?? []).entries())
    if (!own.has(id)) issues.push({ path: `channelIds.${index}`, message: "there is no such channel" });
  const { headers, issues: headerIssues } = readHeaders(body.headers ?? {});
  refuse("validation_error", [...issues, ...headerIssues]);
  if (!wanted?.ok) return { types: undefined, kind: {}, headers };
  const kind = wanted.kind === null ? {} : { kind: wanted.kind };
  return { types: wanted.types, kind, headers };
}

/** What belongs to somebody else's set-up is changed there. */
const OWNED: (keyof EndpointPatch)[] = ["url", "types", "format", "formatOptions", "channelIds"];

/** Writes what a person wants otherwise, or refuses it by the field. Answers a secret that was made on the way. */
export async function patchEndpoint(
  tx: Tx,
  deps: ApiDeps,
  row: StoredEndpoint,
  patch: EndpointPatch,
): Promise<string | null> {
  const isOwn = row.source === "endpoint";
  const foreign = OWNED.filter((key) => patch[key] !== undefined && !isAsStored(row, key, patch[key]));
  if (!isOwn)
    refuse(
      "validation_error",
      foreign.map((path) => ({ path, message: ownerOf(row) })),
    );
  const format = patch.format ?? row.format;
  // Another format reads the types anew.
  const types = patch.types ?? (format === row.format || !isOwn ? undefined : row.types);
  const checked = checkEndpoint(deps, row.tenant_id, { ...patch, types }, format);
  const { types: _types, headers, formatOptions, ...plain } = patch;
  const change: Change = given(plain);
  if (headers) change.headers = sealHeaders(deps, row.id, openHeaders(deps, row), checked.headers);
  if (isOwn && checked.types) change.types = checked.types;
  if (isOwn && (formatOptions || checked.types))
    change.formatOptions = optionsOf(row, formatOptions, checked);
  return changeEndpoint(tx, deps, row, change);
}

/** Those that hear of events as they come about. */
const ORDERED = ["endpoint", "forward_all", "integration"];

type Change = Omit<EndpointChange, "disabledReason"> & Pick<EndpointPatch, "secret" | "release">;

/** Writes a change with everything that follows from it. Answers a secret that was made on the way. */
export async function changeEndpoint(
  tx: Tx,
  deps: ApiDeps,
  row: StoredEndpoint,
  { secret, release = "send", ...change }: Change,
): Promise<string | null> {
  const made = await changeSecrets(tx, deps, row, given({ secret, signing: change.signing }));
  const switched = change.enabled !== undefined && change.enabled !== row.enabled;
  const reason = switched && { disabledReason: change.enabled ? null : "by_user" };
  await updateEndpoint(tx, row, { ...given(change), ...reason });
  const { ordering } = change;
  if (ordering !== undefined && ordering !== row.ordering && ORDERED.includes(row.source))
    await orderAnew(tx, row, ordering);
  if (!switched) {
    if (change.url !== undefined && change.url !== row.url) await probeLane(tx, row.id);
  } else if (change.enabled) {
    await (release === "send" ? releaseHeld(tx, row) : discardHeld(tx, row));
    await tell(tx, row, "endpoint.enabled", null);
  } else {
    await holdWaiting(tx, row.id);
    await tell(tx, row, "endpoint.disabled", "by_user");
  }
  return made;
}

function isAsStored(row: StoredEndpoint, key: keyof EndpointPatch, value: unknown): boolean {
  const stored: Partial<Record<keyof EndpointPatch, unknown>> = {
    url: row.url,
    types: row.types,
    format: row.format,
    channelIds: row.channel_ids,
    formatOptions: row.format_options,
  };
  return JSON.stringify(stored[key]) === JSON.stringify(value);
}

function optionsOf(
  row: StoredEndpoint,
  formatOptions: object | undefined,
  checked: Checked,
): Record<string, unknown> {
  const { kind, ...stored } = row.format_options;
  const kept = checked.types === undefined && typeof kind === "string" ? { kind } : checked.kind;
  return { ...(formatOptions ?? stored), ...kept };
}

/** A secret given here goes in at once; a way of signing that has no secret yet gets one. */
async function changeSecrets(
  tx: Tx,
  deps: ApiDeps,
  row: StoredEndpoint,
  patch: Pick<Change, "secret" | "signing">,
): Promise<string | null> {
  if (patch.secret === null) {
    await dropSecrets(tx, [row.id]);
    return null;
  }
  const signing = patch.signing ?? row.signing;
  const live = await liveSecrets(tx, [row.id]);
  const missing = kindsOf(signing).filter((kind) => !live.some((secret) => secret.kind === kind));
  if (patch.secret !== undefined) {
    const [given] = makeSecrets(deps, kindsOf(signing), patch.secret).filter(
      ({ text }) => text === patch.secret,
    );
    if (given) {
      await endCurrentSecrets(tx, [row.id], [given.kind], 0);
      await storeSecrets(tx, deps, [row.id], [given]);
    }
    const others = missing.filter((kind) => kind !== given?.kind);
    return addSecrets(tx, deps, row, others);
  }
  return patch.signing === undefined || live.length === 0 ? null : addSecrets(tx, deps, row, missing);
}

async function addSecrets(
  tx: Tx,
  deps: ApiDeps,
  row: StoredEndpoint,
  kinds: ReturnType<typeof kindsOf>,
): Promise<string | null> {
  const made = makeSecrets(deps, kinds, undefined);
  await storeSecrets(tx, deps, [row.id], made);
  return shownOf(made);
}

async function tell(
  tx: Tx,
  row: StoredEndpoint,
  type: "endpoint.enabled" | "endpoint.disabled",
  reason: "by_user" | null,
): Promise<void> {
  const now = await standingOf(tx, row.id);
  if (!now) return;
  const at = new Date().toISOString();
  const standing = { ...now, endpointId: row.id, failingSince: null, lastError: null, reason, at };
  await insertEvents(tx, [endpointStands(type, row.tenant_id, standing)]);
}
