// Everything that must hold, in order; the last line is always `N passed, N failed`.
//   --checks-only   format, lint, types and dead code, without the tests
//   other arguments go to vitest: node scripts/test.mjs test/domain
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensurePortal } from "./build-portal.mjs";
import { ensureInstalled, root } from "./ensure-installed.mjs";

const node = ensureInstalled({ forTests: true });
const given = process.argv.slice(2);
const checksOnly = given.includes("--checks-only");
const forVitest = given.filter((argument) => argument !== "--checks-only");

const CHECKS = [
  ["Format and lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]],
  ["Types", "typescript/bin/tsc", ["--noEmit"]],
  ["Types of the portal", "typescript/bin/tsc", ["--noEmit", "-p", "portal"]],
  ["Dead code", "knip/bin/knip.js", []],
];

let passed = 0;
let failed = 0;

for (const [title, program, args] of CHECKS) {
  heading(title);
  if (run(program, args)) passed++;
  else failed++;
}
if (!checksOnly) {
  heading("Portal");
  if (!ensurePortal(node)) failed++;
  heading("Tests");
  runTests();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function heading(title) {
  console.log(`\n── ${title} ${"─".repeat(Math.max(0, 70 - title.length))}`);
}

function run(program, args) {
  const bin = join(root, "node_modules", ".bin");
  const result = spawnSync(node, [join(root, "node_modules", program), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "test", PATH: bin + delimiter + (process.env.PATH ?? "") },
  });
  if (result.error) console.error(`${program}: ${result.error.message}`);
  return result.status === 0;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  const report = join(folder, "report.json");
  try {
    const isFine = run("vitest/vitest.mjs", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...forVitest,
    ]);
    const before = failed;
    count(report);
    // Errors outside of any test, or no report at all.
    if (!isFine && failed === before) failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return;
  }
  passed += results.numPassedTests ?? 0;
  failed += results.numFailedTests ?? 0;
  for (const file of results.testResults ?? []) {
    // A file that could not be loaded has no tests to count, and must not pass for an empty one.
    const hasFailedTest = file.assertionResults.some((test) => test.status === "failed");
    if (file.status === "failed" && !hasFailedTest) failed++;
  }
}
