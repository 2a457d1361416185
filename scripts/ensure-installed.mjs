// Runs on whatever Node the machine has (18 or newer) with nothing installed: only built-in modules here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const LEAST_MAJOR = 26;
const WAIT_MS = 300;
/** No installation takes this long; the note of one that does is left over, whoever has its number now. */
const LONGEST_INSTALL_MS = 15 * 60_000;

/**
 * Installs the dependencies when they are missing or not those of package-lock.json, and returns the path of
 * the Node that runs the program. Ends the process with one line when that cannot be done.
 *
 * @param {{ forTests?: boolean }} [options] an installation without development packages is enough to start.
 * @returns {string}
 */
export function ensureInstalled({ forTests = false } = {}) {
  let reason = whyInstall(forTests);
  if (reason !== null) {
    const release = takeTurn();
    try {
      // Another start may have done it while this one waited.
      reason = whyInstall(forTests);
      if (reason !== null) install(reason);
    } finally {
      release();
    }
  }
  const node =
    pinnedNode() ?? (Number(process.versions.node.split(".")[0]) >= LEAST_MAJOR ? process.execPath : null);
  if (node !== null) return node;
  fail(
    `The packages are there but not the pinned Node ${LEAST_MAJOR}; npm seems set to skip install scripts. Run: npm rebuild node --ignore-scripts=false`,
  );
}

/**
 * npm notes what it has installed when it is done; that is compared with the lock file.
 *
 * @returns {string | null} null when nothing is to do.
 */
function whyInstall(forTests) {
  if (!existsSync(join(root, "node_modules"))) return "nothing is installed yet";
  const wanted = packagesIn("package-lock.json");
  const present = packagesIn(join("node_modules", ".package-lock.json"));
  if (present === null) return "the last installation did not finish";
  for (const [path, entry] of Object.entries(wanted ?? {})) {
    if (path === "" || entry.link) continue;
    const found = present[path];
    if (found === undefined && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (found === undefined && entry.dev && !forTests) continue;
    if (found?.version !== entry.version)
      return `${path.replace("node_modules/", "")} is not at ${entry.version}`;
  }
  return null;
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages ?? {};
  } catch {
    return null;
  }
}

function pinnedNode() {
  const path = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(path) ? path : null;
}

function install(reason) {
  console.log(`Installing the packages (npm ci), because ${reason}. This takes about a minute, once.`);
  const startedAt = Date.now();
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: root, stdio: "inherit", env: environmentOutsideNodeModules() };
  // npm tells where it is when it started this script; the node_modules it is about to empty holds another Node.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const known =
    npm?.endsWith(".js") && node && existsSync(node) && !node.startsWith(join(root, "node_modules"));
  const run = known
    ? spawnSync(node, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (run.error) fail(`npm could not be run (${run.error.message}); install Node 18 or newer with npm.`);
  if (run.status !== 0)
    fail(`npm ci failed with exit code ${run.status ?? run.signal}; see its messages above.`);
  console.log(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** Inside npm scripts the pinned Node is first on the PATH, and goes away while npm ci works. */
function environmentOutsideNodeModules() {
  const env = { ...process.env };
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const inside = `${sep}node_modules${sep}.bin`;
  env[name] = (env[name] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(inside))
    .join(delimiter);
  return env;
}

/** One installation at a time; the file holds the process that works, so one left behind is recognised. */
function takeTurn() {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const path = join(tmpdir(), `signalbox-install-${name}`);
  let said = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      const release = () => rmSync(path, { force: true });
      process.once("exit", release);
      return release;
    } catch (error) {
      if (error.code !== "EEXIST") return () => {};
    }
    if (!isRunning(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!said) console.log("Waiting for another start, which is installing the packages.");
    said = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
}

function isRunning(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > LONGEST_INSTALL_MS) return false;
    return process.kill(Number(readFileSync(path, "utf8")) || process.pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(line) {
  console.error(line);
  process.exit(1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureInstalled({ forTests: true });
}
