import { randomBytes } from "node:crypto";
import type { ChannelProvider } from "./channels/types.ts";
import type { Template } from "./config.ts";
import { newId } from "./domain/ids.ts";
import { makeApiKey } from "./http/api/keys.ts";
import { resortTemplate } from "./router/commands/resort-template.ts";
import { insertItems, nextBoardRevision, saveKind } from "./store/board.ts";
import { insertChannel } from "./store/channels.ts";
import type { Database, Tx } from "./store/database.ts";
import { hasKeyNamed, insertKey } from "./store/keys.ts";
import { saveLane } from "./store/lanes.ts";
import { insertReporter } from "./store/reporters.ts";
import { deleteSetupLinks, insertSetupLink } from "./store/setup-links.ts";
import { countOwners } from "./store/team.ts";
import type { Tenant } from "./store/tenants.ts";
import { createTenant, firstTenant } from "./store/tenants.ts";
import { hashKey } from "./tools/secrets.ts";

/** The number of the sample reporter, who may change everything. */
export const SAMPLE_PHONE = "+14155550101";
/** The number the sample simulator channel answers on. */
const SIMULATOR_ADDRESS = "+14155550100";

/**
 * Makes the first tenant where there is none, from its template: `resort` has a sample board, a sample
 * reporter and a simulator channel; `empty` has nothing but a key. Of several processes that start together
 * one makes it.
 */
export async function ensureFirstTenant(
  database: Database,
  options: {
    template: Template;
    providers: Map<string, ChannelProvider>;
    laneOf: (provider: ChannelProvider, rate: number | null) => { rate: number | null; concurrency: number };
  },
): Promise<Tenant> {
  await database.transact(async (tx) => {
    await tx.run("first-start-lock", "select pg_advisory_xact_lock(7226002)");
    if (await firstTenant(tx)) return;
    const id = newId("ten");
    const resort = options.template === "resort";
    await createTenant(tx, {
      id,
      slug: resort ? "resort" : "main",
      name: resort ? "Sample Resort" : "Signalbox",
      // The public board is on where there is one to show.
      settings: resort ? {} : { board: { public: false } },
    });
    if (resort) await fillResort(tx, id, options);
  });
  const tenant = await firstTenant(database);
  if (!tenant) throw new Error("the first tenant is missing");
  return tenant;
}

const FIRST_KEY = "First key";

/**
 * The first key of the tenant, made when there is none: null on later starts. Called once the program runs, so
 * that a start which fails does not leave a key behind that nobody was shown.
 */
export async function ensureFirstKey(
  database: Database,
  tenantId: string,
  given: string | null,
): Promise<string | null> {
  return database.transact(async (tx) => {
    await tx.run("first-start-lock", "select pg_advisory_xact_lock(7226002)");
    if (await hasKeyNamed(tx, tenantId, FIRST_KEY)) return null;
    const key = given ?? makeApiKey();
    const row = { id: newId("key"), tenantId, name: FIRST_KEY, role: "owner" as const };
    await insertKey(tx, { ...row, hash: hashKey(key), hint: key.slice(-4) });
    return key;
  });
}

/**
 * The token of a new link that makes the owner; null once there is one. Links of earlier starts stay good until
 * then: somebody may have one open.
 */
export async function makeSetupToken(database: Database, tenantId: string): Promise<string | null> {
  const token = randomBytes(32).toString("base64url");
  return database.transact(async (tx) => {
    if ((await countOwners(tx, tenantId)) > 0) {
      await deleteSetupLinks(tx, tenantId);
      return null;
    }
    await insertSetupLink(tx, tenantId, hashKey(token));
    return token;
  });
}

async function fillResort(
  tx: Tx,
  tenantId: string,
  options: Parameters<typeof ensureFirstTenant>[1],
): Promise<void> {
  const template = resortTemplate();
  for (const kind of template.kinds) await saveKind(tx, tenantId, kind);
  const revision = await nextBoardRevision(tx, tenantId);
  const updatedAt = new Date().toISOString();
  const items = template.items.map((item, index) => ({
    ...item,
    id: newId("itm"),
    archived: false,
    position: index + 1,
    revision: 0,
    updatedAt,
    last: {},
  }));
  await insertItems(tx, tenantId, revision, items, null);
  await insertReporter(tx, tenantId, {
    id: newId("rep"),
    name: "Sample Reporter",
    phones: [SAMPLE_PHONE],
    permissions: ["*"],
    confirmation: null,
    undoWindowSeconds: null,
    pinHash: null,
    active: true,
    tags: [],
  });
  const simulator = options.providers.get("simulator");
  if (!simulator) return;
  const id = newId("chn");
  await insertChannel(tx, {
    id,
    tenantId,
    provider: "simulator",
    name: "Simulator",
    address: SIMULATOR_ADDRESS,
    settings: {},
    secrets: null,
    token: randomBytes(32).toString("base64url"),
    isDefault: true,
    rate: null,
  });
  await saveLane(tx, { id, tenantId, ...options.laneOf(simulator, null) });
}
