import { onTestFinished } from "vitest";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { type FakeMobiniti, type FakeMobinitiOptions, startFakeMobiniti } from "../fakes/mobiniti.ts";
import { sendContext, type TestContext } from "./harness.ts";

/** A fake account per test, reached over real HTTP and closed when the test ends. All files share the way out. */
export const PHONE = "+14155550101";
export const TOKEN = "secret-token-4711";
export const text = { id: "msg_1", to: PHONE, from: "64600", text: "Bluebird is open.", mediaUrls: [] };

export const http = createOutboundHttp({ allowPrivateTargets: ["127.0.0.0/8"], development: false });

export type Setup = FakeMobinitiOptions & {
  sendBy?: string;
  kept?: Record<string, string>;
  timeoutMs?: number;
};

export async function setUp({ sendBy, kept, timeoutMs, ...options }: Setup = {}): Promise<{
  fake: FakeMobiniti;
  context: TestContext;
}> {
  const fake = await startFakeMobiniti({ token: TOKEN, ...options });
  onTestFinished(() => fake.close());
  const settings = { accessToken: TOKEN, apiUrl: fake.url, ...(sendBy ? { sendBy } : {}) };
  return { fake, context: sendContext(http, settings, kept, timeoutMs) };
}
