// node scripts/build-portal.mjs: builds the portal into portal/dist when its sources have changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ensureInstalled, root } from "./ensure-installed.mjs";

const DIST = join(root, "portal", "dist");
/** What the build was made of; beside the files, where it goes away with them. */
const STAMP = join(DIST, ".made-of");
/** Everything the build reads: the pages, and the pure parts of the program they share. */
const SOURCES = ["portal", "src/domain", "src/tools/json-path.ts", "package-lock.json"];
const COMPRESSED = /\.(js|css|svg|html)$/;
/** Smaller files gain nothing. */
const LEAST_BYTES = 1_000;

/**
 * Builds the portal unless it is already that of these sources. Answers whether there is a portal to show; what
 * went wrong was said then.
 *
 * @param {string} node path of the Node that runs the build
 * @returns {boolean}
 */
export function ensurePortal(node) {
  const stamp = stampOf(SOURCES);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return true;
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  if (!existsSync(vite)) {
    // An installation without development packages cannot build; an older portal is better than none.
    if (!existsSync(DIST))
      console.error("The portal is not built, and the packages that build it are missing.");
    return existsSync(DIST);
  }
  const startedAt = Date.now();
  console.log("Building the portal, because it is new or has changed.");
  // Beside the old one and swapped in: a program that runs never shows half a portal.
  const fresh = join(root, "node_modules", ".cache", `portal-${process.pid}`);
  const run = spawnSync(node, [vite, "build", "portal", "--outDir", fresh, "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (run.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    console.error("The portal could not be built; see the messages above.");
    return existsSync(DIST);
  }
  compress(fresh);
  writeFileSync(join(fresh, ".made-of"), stamp);
  swapIn(fresh);
  console.log(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  return true;
}

function stampOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesUnder)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (path.includes(".")) return [path];
  const entries = readdirSync(full, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(folderOf(entry), entry.name))
    .filter((file) => !file.startsWith(DIST))
    .map((file) => file.slice(root.length))
    .sort();
}

/** Older versions of Node have it under another name. */
function folderOf(entry) {
  return entry.parentPath ?? entry.path;
}

/** Packed once here instead of at each request. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue;
    const path = join(folderOf(entry), entry.name);
    const content = readFileSync(path);
    if (content.length < LEAST_BYTES) continue;
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
  }
}

function swapIn(fresh) {
  const old = `${fresh}-old`;
  mkdirSync(join(root, "portal"), { recursive: true });
  try {
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
  } catch (error) {
    // Another start swapped its own in at this moment: it is made of the same.
    if (!existsSync(DIST)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = ensurePortal(ensureInstalled({ forTests: true })) ? 0 : 1;
}
