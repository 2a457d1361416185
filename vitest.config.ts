import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest comes first, so that no core is left alone with it at the end. */
const LONG = [
  "/test/browser/pages",
  "/test/journey/acceptance",
  "/test/browser/",
  "/test/journey/",
  "/test/process/",
  "/test/workers/",
  "/test/http/",
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((part) => moduleId.includes(part));
      return at < 0 ? LONG.length : at;
    };
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    sequence: { sequencer: LongFirst },
    pool: "forks",
    // Each file has programs, servers and databases of its own. What they import is loaded once for all of them, which
    // takes a third off the whole: no module may keep anything between tests.
    isolate: false,
    // One more than the cores of a small machine: many tests wait for most of their time.
    maxWorkers: 3,
    // Only for what hangs: a busy machine may take ten times as long as a quiet one.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // A test that fails is wrong or has found something; it is not run again.
    retry: 0,
  },
});
