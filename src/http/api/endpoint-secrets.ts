import { HubError, invalid } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import type { Reader, Tx } from "../../store/database.ts";
import { endCurrentSecrets, insertSecret, liveSecrets } from "../../store/endpoint-secrets.ts";
import { faultOfSecret, newEd25519Secret, newSymmetricSecret } from "../../tools/webhook-secrets.ts";
import type { ApiDeps } from "./deps.ts";

/** Secrets of endpoints: made, sealed, changed for new ones. Shown once, when they are made. */

type Kind = "symmetric" | "ed25519";
type Signing = "v1" | "v1a" | "both";

/** Secrets of one kind that sign at once. */
const MOST_LIVE = 3;

const KINDS: Record<Signing, Kind[]> = {
  v1: ["symmetric"],
  v1a: ["ed25519"],
  both: ["symmetric", "ed25519"],
};

export interface MadeSecret {
  kind: Kind;
  text: string;
}

export function kindsOf(signing: Signing): Kind[] {
  return KINDS[signing];
}

/** A `whsk_` secret says by itself how it signs. */
export function signingFor(signing: Signing | undefined, given: string | null | undefined): Signing {
  return signing ?? (given?.startsWith("whsk_") ? "v1a" : "v1");
}

/** The secrets an endpoint begins with: the given one in its place, new ones otherwise; null = none at all. */
export function makeSecrets(deps: ApiDeps, kinds: Kind[], given: string | null | undefined): MadeSecret[] {
  if (given === null) return [];
  const kindGiven = given === undefined ? null : kindOf(deps, given);
  if (kindGiven !== null && !kinds.includes(kindGiven)) {
    const wanted = kinds[0] === "ed25519" ? "v1a is signed with a whsk_ secret" : "v1 is signed with a text";
    throw invalid("secret", wanted);
  }
  return kinds.map((kind) => ({
    kind,
    text: given !== undefined && kind === kindGiven ? given : makeSecret(kind),
  }));
}

function makeSecret(kind: Kind): string {
  return kind === "symmetric" ? newSymmetricSecret() : newEd25519Secret();
}

function kindOf(deps: ApiDeps, given: string): Kind {
  if (given.startsWith("whsk_")) {
    if (deps.publicKeyOf(given) !== null) return "ed25519";
    throw invalid("secret", "after whsk_ there must be the Base64 of an Ed25519 key");
  }
  const fault = faultOfSecret(given);
  if (fault !== null) throw invalid("secret", fault);
  return "symmetric";
}

/** Writes secrets for one or several endpoints; answers the id of the first. */
export async function storeSecrets(
  tx: Tx,
  deps: ApiDeps,
  endpointIds: string[],
  secrets: MadeSecret[],
): Promise<string | null> {
  let first: string | null = null;
  for (const endpointId of endpointIds) {
    for (const { kind, text } of secrets) {
      const id = newId("sec");
      await insertSecret(tx, { id, endpointId, kind, sealed: deps.box.seal(text, `${endpointId} ${id}`) });
      first ??= id;
    }
  }
  return first;
}

/** The text that is shown for secrets just made; Ed25519 keys are shown by their public half. */
export function shownOf(secrets: MadeSecret[]): string | null {
  return secrets.find(({ kind }) => kind === "symmetric")?.text ?? null;
}

export interface Rotation {
  secretId: string | null;
  secrets: MadeSecret[];
  oldValidUntil: string | null;
}

/** New secrets for endpoints that share theirs; the old ones sign for some hours more. */
export async function rotateSecrets(
  tx: Tx,
  deps: ApiDeps,
  endpoints: { id: string; signing: Signing }[],
  order: { overlapHours: number; secret?: string | undefined },
): Promise<Rotation> {
  const [first] = endpoints;
  if (!first) throw new Error("no endpoint to rotate the secret of");
  const ids = endpoints.map(({ id }) => id);
  const secrets = makeSecrets(deps, kindsOf(first.signing), order.secret);
  const kinds = secrets.map(({ kind }) => kind);
  if (order.overlapHours > 0) await checkRoom(tx, first.id);
  const until = await endCurrentSecrets(tx, ids, kinds, order.overlapHours);
  const secretId = await storeSecrets(tx, deps, ids, secrets);
  return { secretId, secrets, oldValidUntil: until?.toISOString() ?? null };
}

async function checkRoom(reader: Reader, endpointId: string): Promise<void> {
  const live = await liveSecrets(reader, [endpointId]);
  const most = Math.max(...[...Map.groupBy(live, ({ kind }) => kind).values()].map((same) => same.length), 0);
  if (most < MOST_LIVE) return;
  throw new HubError(
    "conflict",
    `${MOST_LIVE} secrets sign already. End the old ones first (switchNow), or rotate with overlapHours 0.`,
  );
}
