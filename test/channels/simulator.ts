import type { ChannelFixture } from "../conformance/fixture.ts";

/** The simulator has neither a door nor a call of its own. */
export const fixture: ChannelFixture = {
  settings: {},
  address: "64600",
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: null,
  requests: [],
  repeats: [],
  distinct: [],
  send: null,
};
