import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Only for what hangs: a busy machine may take ten times as long as a quiet one.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // A test that fails is wrong or has found something; it is not run again.
    retry: 0,
  },
});
