import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";

const channels = await loadChannels();

test("finds the providers by their files", () => {
  expect([...channels.keys()]).toEqual(expect.arrayContaining(["mobiniti", "simulator"]));
  expect(channels.has("types")).toBe(false);
  for (const [name, channel] of channels) expect(channel.provider).toBe(name);
});

// The suite in test/conformance makes its tests from the table.
test.each([...channels.keys()])("%s has a table", (name) => {
  expect(existsSync(join(import.meta.dirname, `${name}.ts`))).toBe(true);
});
