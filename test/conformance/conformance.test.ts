import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import type { ProviderServer } from "./provider-server.ts";
import { startProviderServer } from "./provider-server.ts";
import { loadSubjects } from "./subject.ts";
import { casesOf } from "./suite.ts";

const providers = await loadChannels();
const { subjects, missing } = await loadSubjects(
  providers.values(),
  join(import.meta.dirname, "../channels"),
);
const http = createOutboundHttp({ allowPrivateTargets: ["127.0.0.0/8"], development: false });
let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(async () => {
  await http.close(0);
  await server.close();
});

test("every provider has a table test/channels/<name>.ts", () => {
  expect(missing).toEqual([]);
  expect(subjects.length).toBeGreaterThan(1);
});

describe.each(subjects)("$provider.provider", (subject) => {
  test.each(casesOf(subject))("$name", async ({ run }) => {
    server.reset();
    await run({ server, http });
  });
});
