import type { BoardItem, Reporter } from "../src/domain/board.ts";
import { newId } from "../src/domain/ids.ts";
import { defaultSettings } from "../src/domain/settings.ts";
import { compileBoard, upsertItem } from "../src/router/commands/board.ts";
import { resortTemplate } from "../src/router/commands/resort-template.ts";
import { route } from "../src/router/route.ts";
import { NO_RULES } from "../src/router/rules/compile.ts";
import type { RouteInput } from "../src/router/types.ts";

/*
 * How long one decision takes on a large board, by kind of text. Prints a table; asserts nothing.
 * Usage: node scripts/run.mjs bench/router.ts [items]
 */

const ITEMS = Number(process.argv[2] ?? 10_000);
const ROUNDS = 300;

const SYLLABLES = "ba do ki lu me no pra ri sto ta vel wix yon zur gra fen hol mar sky tor".split(" ");

/** The same name for the same number, every time. */
function wordOf(number: number): string {
  let rest = number + 7;
  let word = "";
  for (let i = 0; i < 4; i++) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length) + i * 3;
  }
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function itemOf(n: number): BoardItem {
  const kinds = ["lift", "trail", "gate", "park-feature", "service"];
  const kind = n % 3 === 0 ? "gate" : (kinds[n % kinds.length] ?? "lift");
  // A third are numbered gates; half of the others share a word.
  const name =
    n % 3 === 0 ? `Gate ${n}` : n % 2 === 0 ? `Common ${wordOf(n)}` : `${wordOf(n)} ${wordOf(n * 31)}`;
  return {
    id: `itm_${n}`,
    kind,
    name,
    aliases: n % 10 === 0 ? [`alias${n}`] : [],
    number: n % 3 === 1 ? n : null,
    area: n % 4 === 0 ? "North" : null,
    fields: kind === "trail" ? { status: "closed", groomed: "no" } : { status: "closed" },
    archived: false,
    position: n,
    revision: 0,
    updatedAt: "2026-01-01T00:00:00.000Z",
    last: {},
  };
}

const items = Array.from({ length: ITEMS }, (_, n) => itemOf(n));
const { kinds } = resortTemplate();
const compileTimes = Array.from({ length: 5 }, () => {
  const start = performance.now();
  compileBoard(kinds, items);
  return performance.now() - start;
});
const board = compileBoard(kinds, items);

const reporter: Reporter = {
  id: "rep_1",
  name: "Ana",
  phones: ["+14155550101"],
  permissions: ["*"],
  confirmation: null,
  undoWindowSeconds: null,
  pinHash: null,
  active: true,
  tags: [],
};

function inputOf(text: string, who: Reporter | null): RouteInput {
  return {
    arrival: {
      kind: "message",
      providerMessageId: null,
      from: "+14155550101",
      to: "+14155550000",
      text,
      media: [],
      providerTime: null,
      providerContactId: null,
    },
    now: Date.UTC(2026, 0, 15, 12),
    newId,
    settings: defaultSettings("Bench"),
    board,
    reporter: who,
    reporterState: {},
    conversation: {},
    optedOut: false,
    optOuts: { all: false, address: false, topics: [] },
    fromOwnAddress: false,
    hashPin: (pin) => pin,
    rules: NO_RULES,
    place: { channelId: "chn_1", deviceId: "chn_1", tenantName: "Signal Peak", ref: null, contact: {} },
  };
}

const unique = items[1]?.name ?? "";
const mistyped = `${unique.slice(0, 3)}${unique.slice(4)}`;
const texts: [string, string, Reporter | null][] = [
  ["exact name", `open ${unique}`, reporter],
  ["alias", "open alias10", reporter],
  ["item number", "open 4", reporter],
  ["number in a name", "open gate 3000", reporter],
  ["part of a name", `open ${unique.split(" ")[1]}`, reporter],
  ["part, common to thousands", "open common", reporter],
  ["two parts, one common", `open common ${wordOf(4).slice(0, 4)}`, reporter],
  ["area word and common word", "open north common", reporter],
  ["prefix of a common word", "open com", reporter],
  ["fuzzy, one letter missing", `open ${mistyped}`, reporter],
  ["fuzzy, common word mistyped", "open comon", reporter],
  ["fuzzy, common word and rest", "open comon praxis", reporter],
  ["fuzzy, all words wrong", "open grabdo stoproka", reporter],
  ["fuzzy, one word off", `open ${unique.split(" ")[0]} elsewhere`, reporter],
  ["no match", "open qqqqxxxx", reporter],
  ["no match, five words", "open the quick brown foxes jumping lazily", reporter],
  ["number that is not there", "open gate 99999", reporter],
  ["kind with thousands", "open gate", reporter],
  ["range", "open gates 1-40", reporter],
  ["range too long", "open gates 1-9999", reporter],
  ["all", "open all", reporter],
  ["all of a kind in an area", "open all lifts north", reporter],
  ["20 parts", `open gate ${Array.from({ length: 20 }, (_, n) => n * 3).join(", ")}`, reporter],
  ["status", "status", reporter],
  ["status of a kind", "status gates", reporter],
  ["status of an area", "status north", reporter],
  ["status, mistyped", `status ${mistyped}`, reporter],
  ["help", "help", reporter],
  ["undo, nothing there", "undo", reporter],
  ["talk", "hello there, how was your day on the hill", reporter],
  ["stranger", "hello", null],
  ["stop", "stop", null],
];

const rows = texts.map(([what, text, who]) => {
  const input = inputOf(text, who);
  for (let i = 0; i < 30; i++) route(input);
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    route(input);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [effect] = route(input).effects.filter((each) => each.kind === "send-text");
  const ms = (share: number) => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(3);
  return { text: what, "p50 ms": ms(0.5), "p99 ms": ms(0.99), reply: effect?.key ?? "-" };
});

const upserts = items.slice(0, 2_000);
const upsertStart = performance.now();
for (const item of upserts) upsertItem(board, item);
const upsertMs = (performance.now() - upsertStart) / upserts.length;

console.table(rows);
console.log(`${ITEMS} items; compileBoard ${compileTimes.map((ms) => ms.toFixed(0)).join(", ")} ms`);
console.log(`upsertItem ${upsertMs.toFixed(4)} ms`);
