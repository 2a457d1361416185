import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";

const channels = await loadChannels();

test("finds the providers by their files", () => {
  expect([...channels.keys()]).toEqual(expect.arrayContaining(["mobiniti", "simulator"]));
  expect(channels.has("types")).toBe(false);
});

test.each([...channels.values()])("$provider has a table of tests and a form one can fill in", (channel) => {
  expect(existsSync(join(import.meta.dirname, `${channel.provider}.test.ts`))).toBe(true);
  const keys = channel.settings.map((setting) => setting.key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const setting of channel.settings) {
    expect(setting.label).not.toBe("");
    expect(setting.help).not.toBe("");
    expect(setting.type === "choice").toBe(setting.choices !== undefined);
  }
  const kinds = channel.doors.map((door) => door.kind);
  expect(new Set(kinds).size).toBe(kinds.length);
});
