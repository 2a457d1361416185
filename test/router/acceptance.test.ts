import { describe, test } from "vitest";
import { rowsFor } from "./acceptance.ts";
import { runRow } from "./acceptance-runner.ts";
import { memoryWorld } from "./world.ts";

describe("the acceptance table against the engine in memory", () => {
  const world = memoryWorld();
  for (const row of rowsFor(world)) {
    test(row.id, async () => {
      await runRow(world, row);
    });
  }
});
