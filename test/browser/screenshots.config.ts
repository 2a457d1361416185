import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** `npm run screenshots`: pictures of every page, made with the means of the browser tests. */
export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    include: ["test/browser/screenshots.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
