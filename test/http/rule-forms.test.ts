import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
});
afterAll(() => program.stop());

const preview = (template: string, groups?: boolean) =>
  program.api("POST", "/v1/rules/preview", { template, ...(groups !== undefined && { groups }) });

test("a form can be drawn from what the actions declare", async () => {
  const { status, body } = await program.api("GET", "/v1/rules/actions");
  expect(status).toBe(200);
  expect(body.actions.map(({ type }: { type: string }) => type).sort()).toEqual([
    "email",
    "reply",
    "webhook",
  ]);
  const reply = body.actions.find(({ type }: { type: string }) => type === "reply");
  expect(reply.fields).toEqual([
    expect.objectContaining({ key: "text", kind: "template", required: true, isText: true, most: 1600 }),
  ]);
  expect(body.variables).toContain("tenantName");
});

test("a template is shown with a sample filled in, and with its segments", async () => {
  const { body } = await preview("Thanks {{from}}! {{text | upcase}}");
  expect(body).toEqual({
    text: "Thanks 14155550101! WHERE IS ORDER 4821?",
    fault: null,
    warnings: [],
    segments: 1,
    encoding: "GSM-7",
    maxSegments: 8,
  });
  expect((await preview("x".repeat(161))).body.segments).toBe(2);
  expect((await preview("❄ {{from}}")).body.encoding).toBe("UCS-2");
});

test.each([
  ["{{from", false, /^is no good as a template/, []],
  ["{{form}}", false, null, ["there is no variable {{form}}; nothing stands in its place."]],
  ["{{match.1}}", false, null, ["{{match.1}} is filled in only where the rule is a regular expression."]],
  ["{{match.1}}", true, null, []],
])(
  "the preview of %s says what is wrong with it (expression: %s)",
  async (template, groups, fault, warnings) => {
    const { body } = await preview(template, groups);
    if (fault === null) expect(body.fault).toBeNull();
    else expect(body.fault).toMatch(fault);
    expect(body.warnings).toEqual(warnings);
  },
);
