import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Effect, Withheld } from "../../src/domain/effect.ts";
import type { RuleAction } from "../../src/domain/rule.ts";
import { compileTemplate } from "../../src/router/rules/compile.ts";
import { loadActions } from "../../src/rule-book.ts";
import { tools } from "./rule-world.ts";

/** One row of the table that every kind of action must have: `actions/<type>.json`. */
interface Row {
  name: string;
  action: RuleAction;
  text?: string;
  groups?: string[];
  withheld?: Withheld;
  effects: Effect[];
}

const kinds = await loadActions();

describe.each([...kinds])("%s", (type, kind) => {
  const path = join(import.meta.dirname, "actions", `${type}.json`);

  test("has a table of what it does", () => {
    expect(existsSync(path), `${path} is missing`).toBe(true);
  });

  const rows = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Row[]) : [];
  test.each(rows.map((row) => [row.name, row] as const))("%s", (_name, row) => {
    const run = kind.compile(row.action, (text) => compileTemplate(text, tools));
    const match = Object.fromEntries((row.groups ?? []).map((group, index) => [index + 1, group]));
    const effects = run({
      ruleId: "rule_1",
      variables: {
        from: "14155550101",
        text: row.text ?? "hello",
        ref: "order-4821",
        now: "2026-01-15T12:00:00.000Z",
        tenantName: "Acme Corp",
        deviceId: "chn_1",
        contact: { number: "+14155550101" },
        match,
      },
      withheld: row.withheld ?? null,
      forAir: (text) => text,
    });
    expect(effects).toEqual(row.effects);
  });

  test("declares a field for each value that it reads, with an example", () => {
    const declared = new Set(["type", "endpointId", ...kind.spec.fields.map((field) => field.key)]);
    for (const row of rows) for (const key of Object.keys(row.action)) expect(declared).toContain(key);
    for (const field of kind.spec.fields) expect(field.example).not.toBe("");
  });
});
