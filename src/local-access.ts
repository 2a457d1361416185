import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "./domain/ids.ts";
import { makeApiKey } from "./http/api/keys.ts";
import type { Database } from "./store/database.ts";
import { insertKey, keyByHash } from "./store/keys.ts";
import { hashKey } from "./tools/secrets.ts";

/** How commands on this machine (`npm run text`) reach the running program: `DATA_DIR/local.json`, mode 0600. */
export interface LocalAccess {
  url: string;
  apiKey: string;
}

export async function readLocalAccess(dataDir: string): Promise<LocalAccess | null> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), "utf8")) as LocalAccess;
  } catch {
    return null;
  }
}

/** Notes where the program listens, with a key of its own that is made when there is none that works. */
export async function writeLocalAccess(
  database: Database,
  options: { dataDir: string; tenantId: string; url: string },
): Promise<void> {
  const known = await readLocalAccess(options.dataDir);
  const owner = known ? await keyByHash(database, hashKey(known.apiKey)) : null;
  const apiKey = known && owner?.tenantId === options.tenantId ? known.apiKey : makeApiKey();
  if (apiKey !== known?.apiKey) {
    await database.transact((tx) =>
      insertKey(tx, {
        id: newId("key"),
        tenantId: options.tenantId,
        name: "Commands on the server itself",
        role: "owner",
        hash: hashKey(apiKey),
        hint: apiKey.slice(-4),
      }),
    );
  }
  await mkdir(options.dataDir, { recursive: true });
  const path = pathIn(options.dataDir);
  const access: LocalAccess = { url: options.url, apiKey };
  // Several processes may share the folder: each writes a file of its own, the last one to be done stays.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(access), { mode: 0o600 });
  await rename(draft, path);
}

function pathIn(dataDir: string): string {
  return join(dataDir, "local.json");
}
