import {
  a,
  closed,
  f1,
  f2,
  gatesTo,
  groomed,
  having,
  lift,
  lines,
  minus,
  nothing,
  opened,
  order,
  plus,
  row,
  trail,
  ungroomed,
} from "./acceptance-fixtures.ts";
import type { Row } from "./acceptance-runner.ts";

/** C1 to C66: open and close, numbers, item numbers, grooming, matching. */

export const c1 = a(
  "open lift grandview",
  opened("Grandview Express"),
  "done",
  "Lift Grandview Express is now open",
  "Reply UNDO within 2 min to set Grandview Express back to closed",
);
export const c37 = a("groom broadway", groomed("Broadway"), "done", "Trail Broadway is now groomed", "UNDO");

/** The only trail of C54, in place of the trails of F1. */
const express = trail("Broadway Express Trail", "open");
const onlyExpress = plus(minus(f1, "Broadway", "East Face", "Sugar 'n Spice"), express);
const broadwayOpen = having(f1, "Broadway", { status: "open" });

const openAndClose: Row[] = [
  row("C1", f1, { ...c1, text: order("open", "lift grandview") }),
  row("C2", f1, { ...c1, text: order("open", "grandview") }),
  row("C3", f1, { ...c1, text: ["OpEn LiFt GrAnDvIeW", "LiFt GrAnDvIeW oPeN"] }),
  row("C4", f1, { ...c1, text: order("open", "grandview express") }),
  row("C5", f1, a(order("close", "lift tahoe king"), closed("Tahoe King"), "done")),
  row("C6", f1, a(order("close", "east face"), closed("East Face"), "done", "Trail East Face is now closed")),
  row("C7", f1, a(order("open", "trail broadway"), opened("Broadway"), "done")),
  row("C8", f1, a(order("open", "park rail slide"), opened("Rail Slide"), "done", "Park Feature Rail Slide")),
  row(
    "C9",
    f1,
    a(order("open", "feature rail slide"), opened("Rail Slide"), "done", "Park Feature Rail Slide"),
  ),
  row("C10", f1, a(order("open", "rail slide"), opened("Rail Slide"), "done", "Park Feature Rail Slide")),
  row("C11", f1, a(order("reopen", "tahoe queen"), opened("Tahoe Queen"), "done")),
  row("C12", f1, a(order("open", "gate 5"), opened("Gate 5"), "done", /^Gate 5 is now open/)),
  row("C13", f1, a(order("close", "gate 2"), closed("Gate 2"), "done")),
  row("C14", f1, a(order("open", "tahoe king"), nothing, "already", "Lift Tahoe King is already open")),
  row("C15", f1, a(order("close", "broadway"), nothing, "already", "Trail Broadway is already closed")),
  row(
    "C16",
    plus(f1, lift("X", null)),
    a(order("open", "x"), opened("X"), "done", "back to not set"),
    a("undo", { X: null }, "undone", "not set again"),
  ),
  row("C17", plus(f1, lift("X", "closed", { archived: true })), a(order("open", "x"), nothing, "nomatch")),
  row("C18", f1, a("open\nlift grandview", opened("Grandview Express"), "done")),
];

const numbers: Row[] = [
  row("C19", f1, a(order("open", "gate two"), nothing, "already", "Gate 2 is already open")),
  row("C20", f1, a(order("open", "gate five"), opened("Gate 5"), "done")),
  row("C21", f2, a(order("open", "gate 1"), opened("Gate 1"), "done")),
  row("C22", f2, a(order("open", "gate gate 1"), opened("Gate 1"), "done")),
  row(
    "C23",
    f1,
    a("open gate 1, 2", opened("Gate 1"), "done.batch", "Now open: Gate 1", "Already open: Gate 2"),
  ),
  row("C24", f1, a(order("open", "gate #5"), opened("Gate 5"), "done")),
  row("C25", plus(f1, trail("Seven Up", "closed")), a(order("open", "seven up"), opened("Seven Up"), "done")),
  row(
    "C26",
    plus(f1, trail("One Eyed Jack", "closed")),
    a(order("open", "one eyed jack"), opened("One Eyed Jack"), "done"),
  ),
];

const itemNumbers: Row[] = [
  row("C27", f1, a(order("open", "25"), opened("Broadway"), "done")),
  row("C28", f1, a(order("close", "59"), closed("East Face"), "done")),
  row("C29", f1, a(order("groom", "25"), groomed("Broadway"), "done")),
  row("C30", f1, a(order("close", "trail 59"), closed("East Face"), "done")),
  row("C31", f1, a(order("open", "lift 25"), nothing, "mean", 'No lift matches "25"', "Trail Broadway")),
  row("C32", f1, a(order("open", "999"), nothing, "nomatch")),
  row(
    "C33",
    plus(f1, trail("Lookout", "closed", { number: 25 })),
    a(order("open", "25"), nothing, "menu", lines("Trail Broadway", "Trail Lookout")),
  ),
  // "In use" is read sharply: the number 5 is in use, by another gate.
  row("C34", having(f1, "Gate 1", { number: 5 }), a(order("open", "gate 5"), opened("Gate 5"), "done")),
  row("C35", f1, a("25", nothing, "nolist")),
  row("C36", f1, a(order("open", "#25"), opened("Broadway"), "done")),
];

const grooming: Row[] = [
  row("C37", f1, { ...c37, text: order("groom", "broadway") }),
  row("C38", f1, { ...c37, text: order("groomed", "broadway") }),
  row("C39", f1, { ...c37, text: order("groom", "trail broadway") }),
  row("C40", f1, a(order("groomed", "sugar n spice"), groomed("Sugar 'n Spice"), "done")),
  row("C41", f1, a(order("groom", "east face"), nothing, "already", "Trail East Face is already groomed")),
  row("C42", f1, a(order("groom", "grandview"), nothing, "wrongverb", "Grandview Express")),
  row(
    "C43",
    plus(f1, lift("Broadway Express", "closed")),
    a(order("groom", "broadway"), groomed("Broadway"), "done", "Trail Broadway is"),
  ),
  row(
    "C44",
    plus(f1, lift("Ridge Lift", "closed"), trail("Ridge Run", "closed")),
    a(order("groom", "ridge"), groomed("Ridge Run"), "done"),
  ),
  row(
    "C45",
    f2,
    a(
      order("groom", "broadway"),
      nothing,
      "menu",
      "Groom which one?",
      lines("Trail Upper Broadway", "Trail Lower Broadway"),
    ),
  ),
  row("C46", f2, a("groom broadway", nothing, "menu"), a("1", groomed("Upper Broadway"), "done")),
  row("C47", f1, c37, a("undo", ungroomed("Broadway"), "undone", "Trail Broadway is not groomed again")),
  row("C48", f1, a(["GROOMING OPEN", "OPEN GROOMING"], opened("Grooming"), "done", /^Grooming is now open/)),
  row("C49", f1, a(order("ungroom", "broadway"), nothing, "already", "is already not groomed")),
];

const matching: Row[] = [
  row("C50", broadwayOpen, a(order("close", "brodway"), closed("Broadway"), "done", "Trail Broadway")),
  row("C51", f1, a(order("open", "tahoe qeen"), opened("Tahoe Queen"), "done")),
  row("C52", f1, a(order("close", "east fce"), closed("East Face"), "done")),
  row(
    "C53",
    f1,
    a(order("open", "brdwy"), nothing, "mean", "Did you mean Trail Broadway?"),
    a("1", opened("Broadway"), "done"),
  ),
  row(
    "C54",
    onlyExpress,
    a(order("close", "broaday"), nothing, "mean", "Did you mean Broadway Express Trail?"),
  ),
  row("C55", f1, a(order("open", "grandvew"), nothing, "mean", "Did you mean Lift Grandview Express?")),
  row(
    "C56",
    minus(f2, "Upper Broadway"),
    a(order("close", "upper broadway"), nothing, "mean", "Did you mean Trail Lower Broadway?"),
  ),
  row("C57", f1, a(order("close", "west face"), nothing, "mean", "Did you mean Trail East Face?")),
  row(
    "C58",
    gatesTo(f1, 3),
    a(order("open", "gatte 1"), nothing, "mean", "Did you mean Gate 1?"),
    a("1", opened("Gate 1"), "done"),
  ),
  row("C59", f1, a(order("open", "broadway trail"), opened("Broadway"), "done")),
  row("C60", f1, a(order("open", "grandview lift"), opened("Grandview Express"), "done")),
  row("C61", f1, a(order("open", "lift broadway"), nothing, "mean", "No lift matches", "Trail Broadway")),
  row("C62", f1, a(order("open", "xyz"), nothing, "nomatch", 'No item matches "xyz"')),
  row("C63", f1, a(order("open", "lift xyz"), nothing, "nomatch", 'No lift matches "xyz"')),
  row(
    "C64",
    plus(f1, trail("Waterfall", "closed")),
    a(order("open", "all"), nothing, "confirm.all", "9 of 12"),
  ),
  row(
    "C65",
    plus(f1, lift("Summit", "closed", { area: "Broadway" })),
    a(order("open", "broadway"), opened("Broadway"), "done", "Trail Broadway"),
  ),
  row(
    "C66",
    plus(f1, trail("Park City", "closed")),
    a(order("open", "park city"), opened("Park City"), "done"),
  ),
];

export const rows1: Row[] = [...openAndClose, ...numbers, ...itemNumbers, ...grooming, ...matching];
