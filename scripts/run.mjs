// node scripts/run.mjs <file.ts> [arguments]: runs a file of the program with the pinned Node, installed first.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ensurePortal } from "./build-portal.mjs";
import { ensureInstalled, root } from "./ensure-installed.mjs";
import { NODE_FLAGS } from "./node-flags.mjs";

const PARENT_CHECK_MS = 250;

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("Say which file to run: node scripts/run.mjs src/main.ts");
  process.exit(2);
}

const node = ensureInstalled();
// Only the program itself shows the portal, and only where it serves pages.
if (file === "src/main.ts" && process.env.SIGNALBOX_ROLE !== "worker") ensurePortal(node);
const flags = file === "src/main.ts" ? NODE_FLAGS : [];
const child = spawn(node, [...flags, join(root, file), ...args], {
  // Code that was read once is kept read: later starts are quicker and take less memory.
  env: { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compiled"), ...process.env },
  // The program sees the channel close when this process is killed, and stops instead of staying behind.
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});

child.on("error", (error) => {
  console.error(`${node} could not be run: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));

// A terminal's Ctrl-C reaches the program as well, and npm passes signals on too: each kind is sent once.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  let sent = false;
  process.on(signal, () => {
    if (!sent) child.kill(signal);
    sent = true;
  });
}

// npm that was killed cannot pass anything on; nobody would be left who could stop the program.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, PARENT_CHECK_MS);
}
