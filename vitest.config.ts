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
    maxWorkers: 2,
    // Only for what hangs: a busy machine may take ten times as long as a quiet one.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // A test that fails is wrong or has found something; it is not run again.
    retry: 0,
  },
});
