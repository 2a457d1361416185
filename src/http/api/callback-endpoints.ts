import { newId } from "../../domain/ids.ts";
import type { Tx } from "../../store/database.ts";
import { insertSecret, liveSecrets } from "../../store/endpoint-secrets.ts";
import { endpointsOf, insertEndpoint } from "../../store/endpoints.ts";
import { lockTenant } from "../../store/tenants.ts";
import type { ApiDeps } from "./deps.ts";
import { makeSecrets, shownOf, storeSecrets } from "./endpoint-secrets.ts";
import { openSecret } from "./endpoint-view.ts";
import { checkNumber } from "./endpoints.ts";

/*
 * Messages may name an address of their own that hears what becomes of them. All addresses of one origin are one
 * endpoint, with one lane; all callbacks of a tenant share one secret, which is made with the first of them.
 */

const TYPES = ["message.sent", "message.delivered", "message.failed", "message.rejected"];

/** The endpoint that stands for this address; `secret` is the tenant's new one, the first time. */
export async function callbackEndpoint(
  tx: Tx,
  deps: ApiDeps,
  tenantId: string,
  url: string,
): Promise<{ endpointId: string; secret: string | null }> {
  const { origin } = new URL(url);
  const [known] = await endpointsOf(tx, tenantId, ["callback"], origin);
  if (known) return { endpointId: known.id, secret: null };
  // Two first messages at once make one endpoint, and one secret.
  await lockTenant(tx, tenantId);
  const all = await endpointsOf(tx, tenantId, ["callback"], null);
  const made = all.find((row) => row.source_id === origin);
  if (made) return { endpointId: made.id, secret: null };
  const endpointId = await insert(tx, tenantId, origin);
  const [sharer] = all;
  if (sharer) {
    await copySecrets(tx, deps, sharer.id, endpointId);
    return { endpointId, secret: null };
  }
  const secrets = makeSecrets(deps, ["symmetric"], undefined);
  await storeSecrets(tx, deps, [endpointId], secrets);
  return { endpointId, secret: shownOf(secrets) };
}

async function insert(tx: Tx, tenantId: string, origin: string): Promise<string> {
  await checkNumber(tx, tenantId);
  const id = newId("ep");
  await insertEndpoint(tx, {
    id,
    tenantId,
    source: "callback",
    sourceId: origin,
    url: origin,
    types: TYPES,
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
  return id;
}

/** Those that sign now, with their ends; each sealed for its own endpoint. */
async function copySecrets(tx: Tx, deps: ApiDeps, from: string, endpointId: string): Promise<void> {
  for (const secret of await liveSecrets(tx, [from])) {
    const id = newId("sec");
    const sealed = deps.box.seal(openSecret(deps, secret), `${endpointId} ${id}`);
    const end = secret.expires_at && { expiresAt: secret.expires_at };
    await insertSecret(tx, {
      id,
      endpointId,
      kind: secret.kind,
      sealed,
      createdAt: secret.created_at,
      ...end,
    });
  }
}
