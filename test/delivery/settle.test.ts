import { expect, test } from "vitest";
import type { AttemptCircumstances } from "../../src/delivery/settle.ts";
import { consequenceOf } from "../../src/delivery/settle.ts";
import type { Outcome } from "../../src/domain/outcome.ts";

const usual: AttemptCircumstances = { attempts: 0, laneFailures: 0, idempotent: false, random: 0 };
const silent: Outcome = { kind: "unreachable", text: "ECONNREFUSED" };
const broken: Outcome = { kind: "uncertain", text: "HTTP 502" };

test.each([
  ["no connection", silent],
  ["answers that say nothing", broken],
])("%s: from the fifth in a row on the lane pauses, longer each time and a minute at most", (_, outcome) => {
  const lanes = Array.from({ length: 13 }, (_, laneFailures) =>
    consequenceOf(outcome, { ...usual, laneFailures }),
  ).map(({ lane }) => (lane.kind === "pause" ? lane.ms / 1_000 : lane.kind));
  expect(lanes).toEqual([...Array(4).fill("count"), 1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test("a text that nobody answered for is not sent again, whatever becomes of its lane", () => {
  for (const laneFailures of [0, 4, 9]) {
    const { status, flag, again, mayMove } = consequenceOf(broken, { ...usual, laneFailures });
    expect({ status, flag, again, mayMove }).toEqual({
      status: "handed_over",
      flag: "uncertain",
      again: null,
      mayMove: false,
    });
  }
});
