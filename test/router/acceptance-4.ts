import { c1 } from "./acceptance-1.ts";
import { c67, c68, c97, gate1, noMenu } from "./acceptance-2.ts";
import { c126 } from "./acceptance-3.ts";
import {
  a,
  a2,
  after,
  b,
  being,
  but,
  closed,
  court,
  courtKind,
  f1,
  f2,
  gate,
  gatesTo,
  having,
  lines,
  nothing,
  opened,
  order,
  plus,
  row,
  rule,
  trail,
  twoStep,
  u,
  ungroomed,
} from "./acceptance-fixtures.ts";
import type { Row } from "./acceptance-runner.ts";

/** C139 to C173: batches, grammar, conversation, PIN, consent. */

const courts = { ...plus(f1, court("Court 3", "open")), kinds: [courtKind] };
const c139 = a(
  "open gate 1, broadway and rail slide",
  opened("Gate 1", "Broadway", "Rail Slide"),
  "done.batch",
  "Now open: ",
  "reverse all 3",
);

const batchesAndGrammar: Row[] = [
  row("C139", f1, c139),
  row("C140", f1, c139, a("undo", closed("Gate 1", "Broadway", "Rail Slide"), "undone.batch")),
  row(
    "C141",
    f1,
    a(
      ["open gates 1-5", "open gates 1 to 5", "open gates 1 thru 5", "open gates 1 through 5"],
      opened("Gate 1", "Gate 5"),
      "done.batch",
      "Now open: Gate 1, Gate 5",
      "Already open: Gate 2",
      /Not found: [^.]*\b3, [^.]*\b4\b/,
    ),
  ),
  row(
    "C142",
    f1,
    a("open gate 1\ngate 5", opened("Gate 1", "Gate 5"), "done.batch", "Now open: Gate 1, Gate 5"),
  ),
  row(
    "C143",
    f1,
    a(
      "open gate 1, close tahoe king",
      { ...opened("Gate 1"), ...closed("Tahoe King") },
      "done.batch",
      "Now open: Gate 1",
      /Now closed: (Lift )?Tahoe King/,
    ),
  ),
  row(
    "C144",
    f1,
    a("gate 1 and gate 5 open", opened("Gate 1", "Gate 5"), "done.batch", "Now open: Gate 1, Gate 5"),
  ),
  row(
    "C145",
    f2,
    but(
      a(
        "close gate 10, broadway",
        closed("Gate 10"),
        "done + menu",
        "Gate 10 is now closed",
        lines("Trail Upper Broadway (already closed)", "Trail Lower Broadway"),
      ),
      { hasNot: [/UNDO/] },
    ),
    a("2", closed("Lower Broadway"), "done"),
    a("undo", opened("Gate 10", "Lower Broadway"), "undone.batch"),
  ),
  row(
    "C146",
    plus(f1, trail("Rock and Roll", "closed")),
    a(order("open", "rock and roll"), opened("Rock and Roll"), "done"),
  ),
  row(
    "C147",
    f1,
    a(order("open", "all lifts"), nothing, "confirm.all", "2 of 3"),
    a("yes", opened("Grandview Express", "Tahoe Queen"), "done.batch"),
    a("undo", closed("Grandview Express", "Tahoe Queen"), "undone.batch"),
  ),
  row(
    "C148",
    twoStep(f1),
    a("open gate 1, gate 5", nothing, "confirm.batch", "Open 2 items"),
    a("yes", opened("Gate 1", "Gate 5"), "done.batch"),
  ),
  row(
    "C149",
    f1,
    a(order("on hold", "grandview"), { "Grandview Express": "hold" }, "done", "is now on hold"),
    a("undo", closed("Grandview Express"), "undone"),
  ),
  row("C150", f1, a(order("ungroom", "east face"), ungroomed("East Face"), "done", "is now not groomed")),
  row("C151", f1, a("open gate 5 closed", nothing, "conflict", /both (open and closed|closed and open)/)),
  row("C152", f1, a(["is gate 5 open?", "gate 5 open?"], nothing, "status.item", "Gate 5: closed")),
  row("C153", f1, a(["dont open gate 5", "don't open gate 5"], nothing, "format")),
  row(
    "C154",
    having(f1, "Grandview Express", { aliases: ["gv"] }),
    a(order("open", "gv"), opened("Grandview Express"), "done", "Lift Grandview Express"),
  ),
  row(
    "C155",
    plus(f1, gate("Gate 20", "closed"), gate("Gate 21", "closed")),
    a(order("open", "gate twenty one"), opened("Gate 21"), "done"),
  ),
  row(
    "C156",
    f1,
    a(order("open", "5"), nothing, "mean", "Did you mean Gate 5?"),
    a("1", opened("Gate 5"), "done"),
  ),
  // The order is left open: the table tells board order, section 4 the nearest number first.
  row(
    "C157",
    f1,
    a(order("open", "gate 9"), nothing, "mean", /\d Gate 1\b/, /\d Gate 2 \(already/, /\d Gate 5\b/),
  ),
  row(
    "C158",
    courts,
    a(["court 3 closed", "closed court 3"], closed("Court 3"), "done", /^Court 3 is now closed/),
  ),
  row(
    "C159",
    f2,
    a("status lifts", nothing, "status.kind", "Grandview Express"),
    a("status broadway", nothing, "status.item", "Upper Broadway: closed", "Lower Broadway: open"),
    noMenu,
  ),
];

const conversation: Row[] = [
  row("C160", f2, c67, { ...c68, text: ["option 1", "#1", "upper"] }),
  row(
    "C161",
    f1,
    c1,
    a(order("open", "tahoe"), nothing, "menu", lines("Lift Tahoe King (already open)", "Lift Tahoe Queen")),
    a("undo", nothing, "dropped.undo", "Text UNDO again to reverse Grandview Express"),
    a("undo", closed("Grandview Express"), "undone"),
  ),
  // The key of a page is left open: "menu" or "more", alone or joined.
  row(
    "C162",
    gatesTo(f1, 12),
    but(a(order("open", "gate"), nothing, /^menu/, "1 Gate 1", "5 Gate 5", "MORE for 7 more"), {
      hasNot: ["Gate 6"],
    }),
    but(a("more", nothing, /^(menu|more)/, "6 Gate 6", "10 Gate 10", "MORE for 2 more"), {
      hasNot: ["Gate 5", "Gate 11"],
    }),
    a("7", opened("Gate 7"), "done"),
  ),
  row("C163", f2, gate1, c67, a2("1", nothing, "nolist"), a2("undo", closed("Gate 1"), "undone")),
  row(
    "C164",
    f1,
    gate1,
    b("close gate 1", closed("Gate 1"), "done"),
    b("open gate 1", opened("Gate 1"), "done"),
    a("undo", nothing, "undo.conflict", "Ben set Gate 1 to open"),
  ),
  row(
    "C165",
    f1,
    c139,
    b("close broadway", closed("Broadway"), "done"),
    a(
      "undo",
      closed("Gate 1", "Rail Slide"),
      "undone.batch + undo.conflict",
      /Ben set (Trail )?Broadway to closed/,
    ),
  ),
];

const pinRule = rule(f1, { kind: "gate", field: "status", value: "closed", mode: "pin" });
const guarded = being(pinRule, "A", { pin: "4711" });
const c166 = a("close gate 2", nothing, "pin.ask", "Reply with your PIN to close Gate 2");

const pin: Row[] = [
  {
    ...row("C166", guarded, { ...c166, text: order("close", "gate 2") }, a("4711", closed("Gate 2"), "done")),
    masked: "4711",
  },
  // Section 6: the PIN in the same text.
  { ...row("C166 in line", guarded, a("close gate 2 pin 4711", closed("Gate 2"), "done")), masked: "4711" },
  row(
    "C167",
    guarded,
    c166,
    a("1234", nothing, "pin.wrong", "Tries left: 2"),
    a("2222", nothing, "pin.wrong", "Tries left: 1"),
    but(a("9999", nothing, "pin.locked", "15 min"), { alert: "pin_locked" }),
  ),
  row(
    "C168",
    being(rule(f1, { kind: "gate", field: null, value: null, mode: "two_step" }), "A", {
      confirmation: "immediate",
    }),
    { ...c97, text: order("open", "gate 1") },
  ),
];

const consent: Row[] = [
  // START shows at the end that the menu went with the STOP.
  row(
    "C169",
    f2,
    c67,
    but(a("stop", nothing, "stop.ok"), { optedOut: true }),
    but(a(order("close", "gate 10"), closed("Gate 10"), "done"), {
      withheld: true,
      optedOut: true,
      alert: "opted_out_command",
    }),
    but(a("start", nothing, "start.ok"), { optedOut: false }),
    noMenu,
  ),
  row("C170", f1, but(a(["cancel", "end", "quit"], nothing, "stop.ok"), { optedOut: true })),
  row("C171", f1, a("stop", nothing, "stop.ok"), but(a("yes", nothing, "start.ok"), { optedOut: false })),
  row(
    "C172",
    f1,
    a(['Liked "Gate 5 is now open."', "Liked “Gate 5 is now open.”"], nothing, null),
    u('Liked "Gate 5 is now open."', nothing, null),
  ),
  row("C173", f1, c126, after(23 * 3600, u("hello", nothing, null))),
];

export const rows4: Row[] = [...batchesAndGrammar, ...conversation, ...pin, ...consent];
