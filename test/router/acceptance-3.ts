import assert from "node:assert/strict";
import { c1, c37 } from "./acceptance-1.ts";
import { c97, gate1 } from "./acceptance-2.ts";
import {
  a,
  act,
  after,
  b,
  becomes,
  but,
  closed,
  f1,
  having,
  l,
  lines,
  needing,
  nothing,
  opened,
  order,
  row,
  s,
  t,
  twoStep,
  u,
} from "./acceptance-fixtures.ts";
import type { LogRow, Needs, Row, Step, World } from "./acceptance-runner.ts";

/** C113 to C138: status, help, errors, permission, transport, settings, log. */

const broadwayOpen = having(f1, "Broadway", { status: "open" });
export const c126 = u("open lift grandview", nothing, "unknown", "not set up");

const statusHelpErrors: Row[] = [
  row(
    "C113",
    f1,
    a(
      "status",
      nothing,
      "status.all",
      "Lifts 1/3 open",
      "Trails 1/3 open, 1/3 groomed",
      "Gates 1/3 open",
      "Park Features 0/1 open",
      "Services 0/1 open",
    ),
  ),
  row("C114", f1, a(["stat", "info"], nothing, "status.all", "Lifts 1/3 open")),
  row("C115", f1, a(["help", "?", "commands", "menu"], nothing, "help", /groom/i, /hold/i)),
  row("C116", f1, a("status lift grandview", nothing, "status.item", "Lift Grandview Express: closed")),
  row(
    "C117",
    f1,
    c1,
    a("status.", nothing, "status.all", "Lifts 2/3 open"),
    a("undo!", closed("Grandview Express"), "undone"),
  ),
  row("C118", f1, a("hello", nothing, "format", "Not understood")),
  row("C119", f1, a("open", nothing, "what", "Open what?")),
  row(
    "C120",
    f1,
    a(
      order("open", "gate"),
      nothing,
      "menu",
      "Open which one?",
      lines("Gate 1", "Gate 2 (already open)", "Gate 5"),
    ),
  ),
  row("C121", broadwayOpen, a(order("closed", "broadway"), closed("Broadway"), "done")),
  row("C122", f1, a(order("open", "lift grandview"), opened("Grandview Express"), "done")),
  row(
    "C123",
    f1,
    a(
      "close gate 1\nclose gate 2",
      closed("Gate 2"),
      "done.batch",
      "Now closed: Gate 2",
      "Already closed: Gate 1",
    ),
  ),
  row(
    "C124",
    f1,
    a("close gate 1", nothing, "already"),
    a("close gate 2", closed("Gate 2"), "done"),
    a("close gate 5", nothing, "already"),
  ),
  row(
    "C125",
    f1,
    but(a(order("open", "gate 1"), nothing, "savefail", "Could not save Gate 1"), { failing: true }),
  ),
];

const permission: Row[] = [
  row(
    "C126",
    f1,
    c126,
    u("open gate 1", nothing, null),
    after(24 * 3600 + 1, u("open gate 5", nothing, "unknown")),
  ),
  row("C127", f1, u("help", nothing, "help.compliance")),
  row("C128", f1, s(order("open", "lift grandview"), nothing, "forbidden", "Grandview Express")),
  row("C129", broadwayOpen, t(order("close", "broadway"), closed("Broadway"), "done")),
  row("C130", broadwayOpen, l(order("close", "broadway"), nothing, "forbidden", "Broadway")),
  row(
    "C131",
    twoStep(f1),
    c97,
    becomes("A", { permissions: ["lift"] }),
    a("yes", nothing, "forbidden", "Gate 1"),
    a("yes", nothing, "nothing"),
  ),
  row(
    "C132",
    f1,
    a("close gate 2", closed("Gate 2"), "done"),
    b("open gate 2", opened("Gate 2"), "done"),
    a("undo", nothing, "undo.conflict", "Ben set Gate 2 to open"),
  ),
];

/** The log holds these rows, oldest first. */
function logs(...rows: Partial<LogRow>[]): Step {
  return act("the log", async (world) => {
    const found = (await world.log()).map((each, i) => {
      const keys = Object.keys(rows[i] ?? {}) as (keyof LogRow)[];
      return Object.fromEntries(keys.map((key) => [key, each[key]]));
    });
    assert.deepEqual(found, rows);
  });
}

/** The delivery status of the newest reply. */
function replyIs(...statuses: string[]): Step {
  return act(`the reply is ${statuses.join(" or ")}`, async (world) => {
    // A send ends a moment after its text is handled.
    const end = Date.now() + 5_000;
    let status: string;
    do status = (await world.log()).at(-1)?.replyStatus ?? "missing";
    while (!statuses.includes(status) && Date.now() < end);
    assert.ok(statuses.includes(status), `the newest reply is ${status}`);
  });
}

function method<Name extends Needs>(world: World, name: Name): NonNullable<World[Name]> {
  const found = world[name];
  assert.ok(found, `this world has no ${name}`);
  return found.bind(world) as NonNullable<World[Name]>;
}

function sends(how: "accept" | "refuse" | "busy"): Step {
  return act(`the provider: ${how}`, (world) => method(world, "answerSends")(how));
}

/** PATCH of the undo window, and what is stored afterwards. */
function window(seconds: number, status: number, stored: number): Step {
  return act(`PATCH undoWindowSeconds ${seconds}`, async (world) => {
    const answer = await method(world, "patchSettings")({ undoWindowSeconds: seconds });
    assert.equal(answer.status, status);
    assert.equal(answer.stored.undoWindowSeconds, stored);
    if (status === 400) assert.match(answer.body, /undoWindowSeconds/);
  });
}

function opensLog(role: "admin" | "viewer", status: number): Step {
  return act(`the log for the role ${role}`, async (world) => {
    assert.equal(await method(world, "openLog")(role), status);
  });
}

/** The export of one channel has a header and one record per list, which holds each of these somewhere. */
function csvHolds(channel: 1 | 2, ...records: string[][]): Step {
  return act(`CSV of channel ${channel}`, async (world) => {
    const [header = [], ...found] = await method(world, "exportCsv")(channel);
    assert.equal(found.length, records.length, `records: ${JSON.stringify(found)}`);
    for (const [i, values] of records.entries()) {
      const record = found[i] ?? [];
      assert.equal(record.length, header.length, "columns of a record");
      const all = record.join("\n");
      for (const value of values)
        assert.ok(all.includes(value), `${value} is not in ${JSON.stringify(record)}`);
    }
  });
}

/** What only the program with its doors and database can show. The portal's half of C136 is tested there. */
const transport: Row[] = [
  row("C133", f1, but(a("", nothing, "empty"), { options: { media: true } })),
  needing(["deliverTwice"], row("C134", f1, but(gate1, { twice: true }))),
  needing(["answerSends"], row("C135 refused", f1, sends("refuse"), gate1, replyIs("failed"))),
  needing(
    ["answerSends"],
    row(
      "C135 delayed",
      f1,
      sends("busy"),
      gate1,
      replyIs("queued"),
      sends("accept"),
      replyIs("handed_over", "sent", "delivered"),
    ),
  ),
  needing(
    ["patchSettings"],
    row(
      "C136",
      f1,
      window(10, 400, 120),
      window(9999, 400, 120),
      window(30, 200, 30),
      window(600, 200, 600),
      { ...gate1, has: ["within 10 min"] },
    ),
  ),
  needing(
    ["openLog"],
    row(
      "C137",
      f1,
      c1,
      c37,
      // Item, field, old and new of both rows were held against the board at each step.
      logs(
        { text: "open lift grandview", outcome: "changed", reporter: "Ana" },
        { text: "groom broadway", outcome: "changed", reporter: "Ana" },
      ),
      act("each row names its channel", async (world) => {
        for (const each of await world.log()) assert.ok(each.channel);
      }),
      opensLog("admin", 200),
      opensLog("viewer", 403),
    ),
  ),
  needing(
    ["exportCsv"],
    row(
      "C138",
      f1,
      c1,
      but(a("close gate 2", closed("Gate 2"), "done"), { options: { channel: 2 } }),
      csvHolds(1, [
        "open lift grandview",
        "4155550101",
        "Ana",
        "changed",
        "Grandview Express",
        "status",
        "is now open",
      ]),
      csvHolds(2, ["close gate 2", "4155550101", "Ana", "changed", "Gate 2", "status", "is now closed"]),
    ),
  ),
];

export const rows3: Row[] = [...statusHelpErrors, ...permission, ...transport];
