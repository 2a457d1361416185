import { newId } from "../../domain/ids.ts";
import type { RuleAction } from "../../domain/rule.ts";
import type { Reader, Tx } from "../../store/database.ts";
import { dropSecrets, liveSecrets } from "../../store/endpoint-secrets.ts";
import type { StoredEndpoint } from "../../store/endpoints.ts";
import { dropEndpoint, endpointsOf, insertEndpoint, lockEndpoint } from "../../store/endpoints.ts";
import type { ApiDeps } from "./deps.ts";
import { changeEndpoint } from "./endpoint-change.ts";
import { makeSecrets, shownOf, storeSecrets } from "./endpoint-secrets.ts";
import type { ActionBody } from "./rule-shape.ts";
import { SECRET_MASK } from "./rule-shape.ts";

/** The addresses that rules call: each is an endpoint with a secret of its own, which is shown when it is made. */

/** The actions as they are kept, and by endpoint the secrets that are new. */
export interface SavedActions {
  actions: RuleAction[];
  secrets: Map<string, string | null>;
}

/**
 * Makes the endpoints that the actions of a rule ask for and takes away those it no longer asks for. An action that
 * names its endpoint may give it another address: what waits goes there.
 */
export async function saveActions(
  tx: Tx,
  deps: ApiDeps,
  tenantId: string,
  ruleId: string,
  bodies: readonly ActionBody[],
): Promise<SavedActions> {
  const before = await endpointsOf(tx, tenantId, ["rule"], ruleId);
  const known = knownEndpoints(before, bodies);
  const secrets: SavedActions["secrets"] = new Map();
  const actions: RuleAction[] = [];
  for (const [index, { secret, ...body }] of bodies.entries()) {
    if (body.url === undefined) {
      actions.push(body);
      continue;
    }
    const given = secret === SECRET_MASK || secret === null ? undefined : secret;
    const row = known[index];
    const endpointId = row?.id ?? newId("ep");
    if (!row) await makeEndpoint(tx, tenantId, ruleId, endpointId, body.url);
    else if (row.url !== body.url) await moveEndpoint(tx, deps, row, body.url);
    if (!row || given !== undefined) {
      const made = makeSecrets(deps, ["symmetric"], given);
      if (row) await dropSecrets(tx, [endpointId]);
      await storeSecrets(tx, deps, [endpointId], made);
      secrets.set(endpointId, shownOf(made));
    }
    actions.push({ ...body, endpointId });
  }
  const kept = new Set(actions.map((action) => action.endpointId));
  for (const row of before) if (!kept.has(row.id)) await drop(tx, row);
  return { actions, secrets };
}

/** Which endpoint each action means: the one it names, else the one with its address. Each at most once. */
function knownEndpoints(
  before: readonly StoredEndpoint[],
  bodies: readonly ActionBody[],
): (StoredEndpoint | undefined)[] {
  const left = new Set(before);
  const take = (fits: (row: StoredEndpoint) => boolean) => {
    const found = [...left].find(fits);
    if (found) left.delete(found);
    return found;
  };
  const named = bodies.map(({ endpointId }) => take((row) => row.id === endpointId));
  return bodies.map(({ url }, index) => named[index] ?? take((row) => row.url === url));
}

async function moveEndpoint(
  tx: Tx,
  deps: ApiDeps,
  { tenant_id, id }: StoredEndpoint,
  url: string,
): Promise<void> {
  const row = await lockEndpoint(tx, tenant_id, id);
  if (row) await changeEndpoint(tx, deps, row, { url });
}

async function makeEndpoint(
  tx: Tx,
  tenantId: string,
  ruleId: string,
  id: string,
  url: string,
): Promise<void> {
  await insertEndpoint(tx, {
    id,
    tenantId,
    source: "rule",
    sourceId: ruleId,
    url,
    types: ["message.received"],
    channelIds: [],
    format: "mobile-api-connect",
    formatOptions: {},
    enabled: true,
    rate: null,
    concurrency: 8,
    timeoutMs: 8_000,
    schedule: null,
    ordering: "none",
    onExhausted: "hold",
    signing: "v1",
    headers: null,
  });
}

export async function dropActions(tx: Tx, tenantId: string, ruleId: string): Promise<void> {
  for (const row of await endpointsOf(tx, tenantId, ["rule"], ruleId)) await drop(tx, row);
}

/** Its lane is locked first, as everybody does: two who take them in different order wait for each other. */
async function drop(tx: Tx, { tenant_id, id }: StoredEndpoint): Promise<void> {
  const row = await lockEndpoint(tx, tenant_id, id);
  if (row) await dropEndpoint(tx, row);
}

/** Which of these actions' endpoints sign what they send. */
export async function signingEndpoints(reader: Reader, actions: readonly RuleAction[]): Promise<Set<string>> {
  const ids = actions.flatMap(({ endpointId }) => (endpointId === undefined ? [] : [endpointId]));
  const secrets = ids.length > 0 ? await liveSecrets(reader, ids) : [];
  return new Set(secrets.map((secret) => secret.endpoint_id));
}
