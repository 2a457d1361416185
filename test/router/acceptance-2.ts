import { c1 } from "./acceptance-1.ts";
import {
  a,
  after,
  b,
  being,
  but,
  closed,
  f1,
  f2,
  groomed,
  lines,
  nothing,
  opened,
  order,
  row,
  settings,
  together,
  twoStep,
} from "./acceptance-fixtures.ts";
import type { Row } from "./acceptance-runner.ts";

/** C67 to C112: menus, undo, two-step mode. */

export const c67 = a(
  "open broadway",
  nothing,
  "menu",
  "Open which one?",
  lines("Trail Upper Broadway", "Trail Lower Broadway (already open)"),
);
export const c97 = a("open gate 1", nothing, "confirm", "Open Gate 1? It is closed now.");

export const c68 = a("1", opened("Upper Broadway"), "done");
export const gate1 = a("open gate 1", opened("Gate 1"), "done");
/** Shows that no menu is left. */
export const noMenu = a("1", nothing, "nolist");

const menus: Row[] = [
  row("C67", f2, { ...c67, text: order("open", "broadway") }),
  row("C68", f2, c67, c68),
  row("C69", f2, c67, a("2", nothing, "already", "Trail Lower Broadway is already open"), noMenu),
  row("C70", f2, c67, a("3", nothing, "choose", "1 to 2"), c68),
  row("C71", f2, c67, a(" 0 ", nothing, "choose"), c68),
  row("C72", f2, c67, a("0", nothing, "choose"), c68),
  row("C73", f2, c67, a("one", opened("Upper Broadway"), "done")),
  row("C74", f2, c67, after(301, a("1", nothing, "expired"))),
  row("C75", f1, noMenu),
  row("C76", f2, c67, c68, noMenu),
  row(
    "C77",
    f2,
    c67,
    a(
      order("open", "lift grandview"),
      opened("Grandview Express"),
      "void + done",
      /^\(Cancelled: .*\)\s+Lift Grandview Express is now open/,
    ),
    noMenu,
  ),
  row("C78", f2, c67, a("no", nothing, "dropped", "Nothing was changed"), noMenu),
  row(
    "C79",
    f2,
    a(
      order("close", "main"),
      nothing,
      "menu",
      lines("Trail Main Street", "Main Park Jump", "West Main Gate"),
    ),
  ),
  row("C80", f2, a(order("close", "gate main"), closed("West Main Gate"), "done")),
  row("C81", f2, a(order("close", "trail main"), closed("Main Street"), "done")),
  row("C82", f2, c67, b("1", nothing, "nolist"), c68),
  row("C83", f2, a(order("reopen", "broadway"), nothing, "menu", "Open which one?")),
];

const undo: Row[] = [
  row(
    "C84",
    f1,
    c1,
    after(10, a("undo", closed("Grandview Express"), "undone", "Lift Grandview Express is closed again")),
  ),
  row("C85", f1, c1, a(["revert", "u"], closed("Grandview Express"), "undone")),
  row(
    "C86",
    f1,
    c1,
    after(10, a("undo", closed("Grandview Express"), "undone")),
    a("undo", nothing, "undo.none", "Nothing to undo"),
  ),
  row("C87", f1, c1, after(121, a("undo", nothing, "undo.none", "2 min"))),
  row("C88", f1, a("undo", nothing, "undo.none")),
  // Two texts: one text with both would be reversed as a whole.
  row(
    "C89",
    f1,
    gate1,
    a("close gate 2", closed("Gate 2"), "done"),
    a("undo", opened("Gate 2"), "undone", "Gate 2 is open again"),
  ),
  row(
    "C90",
    f1,
    gate1,
    a(order("open", "tahoe king"), nothing, "already", "UNDO still reverses Gate 1"),
    a("undo", closed("Gate 1"), "undone"),
  ),
  // The time is that of Ben's change, in the board's zone.
  row(
    "C91",
    f1,
    gate1,
    b("close gate 1", closed("Gate 1"), "done"),
    a("undo", nothing, "undo.conflict", "Ben set Gate 1 to closed", /at \d\d:\d\d/),
  ),
  row(
    "C92",
    settings(f1, { undoWindowSeconds: 600 }),
    { ...gate1, has: ["within 10 min"] },
    after(599, a("undo", closed("Gate 1"), "undone")),
  ),
  row("C93", settings(f1, { undoWindowSeconds: 30 }), { ...gate1, has: ["within 30 sec"] }),
  row("C94", settings(f1, { undoWindowSeconds: 90 }), { ...gate1, has: ["within 90 sec"] }),
  row(
    "C95",
    f1,
    c1,
    but(a("undo", nothing, "undo.fail", "Grandview Express is still open"), { failing: true }),
    a("undo", closed("Grandview Express"), "undone"),
  ),
  row("C96", f1, gate1, b("undo", nothing, "undo.none"), a("undo", closed("Gate 1"), "undone")),
];

const confirmed = a("yes", opened("Gate 1"), "done", "Gate 1 is now open", "Reply UNDO within 2 min");

const twoSteps: Row[] = [
  // The question is alive to the end: 299 s are not too late.
  row("C97", twoStep(f1), { ...c97, text: order("open", "gate 1") }, after(299, confirmed)),
  row("C98", twoStep(f1), c97, { ...confirmed, text: ["ok", "okay", "yes", "y", "confirm"] }),
  row("C99", twoStep(f1), c97, a(["no", "n"], nothing, "dropped"), a("yes", nothing, "nothing")),
  row("C100", twoStep(f1), c97, but(a("cancel", nothing, "dropped"), { optedOut: false })),
  row("C101", twoStep(f1), c97, a("cancel", nothing, "dropped"), a("yes", nothing, "nothing")),
  row("C102", twoStep(f1), c97, after(301, a("yes", nothing, "expired"))),
  row("C103", f1, a("yes", nothing, "nothing")),
  row("C104", f1, a("no", nothing, "nothing")),
  row(
    "C105",
    twoStep(f1),
    c97,
    a(order("close", "gate 2"), nothing, "void + confirm", "(Cancelled: Open Gate 1?)", "Close Gate 2?"),
    a("yes", closed("Gate 2"), "done"),
  ),
  row("C106", twoStep(f1), c97, a("status", nothing, "status.all"), confirmed),
  row(
    "C107",
    twoStep(f1),
    a(order("groom", "broadway"), nothing, "confirm", "Groom Trail Broadway?"),
    a("yes", groomed("Broadway"), "done"),
  ),
  row(
    "C108",
    twoStep(f1),
    a(order("groom", "grandview"), nothing, "wrongverb"),
    a("yes", nothing, "nothing"),
  ),
  row(
    "C109",
    twoStep(f2),
    c67,
    a("1", nothing, "confirm", "Open Trail Upper Broadway?"),
    a("yes", opened("Upper Broadway"), "done"),
  ),
  row("C110", being(f1, "A", { confirmation: "two_step" }), { ...c97, text: order("open", "gate 1") }),
  row("C111", being(twoStep(f1), "A", { confirmation: "immediate" }), {
    ...gate1,
    text: order("open", "gate 1"),
  }),
  row("C112", twoStep(f1), c97, together(confirmed, a("yes", nothing, "nothing"))),
];

export const rows2: Row[] = [...menus, ...undo, ...twoSteps];
