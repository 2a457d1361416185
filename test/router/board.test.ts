import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BoardItem } from "../../src/domain/board.ts";
import type { Board } from "../../src/router/commands/board.ts";
import { applyChange, compileBoard, removeItem, upsertItem } from "../../src/router/commands/board.ts";
import { distanceTo } from "../../src/router/commands/edit-distance.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import {
  addWord,
  emptyVocabulary,
  nearLimit,
  resemblingWords,
} from "../../src/router/commands/vocabulary.ts";

const { kinds, items } = resortTemplate();
const by = { kind: "user", id: "usr_1", name: "Uma" } as const;

function itemOf(n: number, change: Partial<BoardItem> = {}): BoardItem {
  const sample = items[n % items.length] as (typeof items)[number];
  return {
    ...sample,
    id: `itm_${n}`,
    archived: false,
    position: n,
    revision: 0,
    updatedAt: "2026-01-01T00:00:00.000Z",
    last: {},
    ...change,
  };
}

/** Everything a board knows, in a form that can be compared. */
function picture(board: Board) {
  const ids = (map: Map<unknown, Set<{ item: BoardItem }>>) =>
    [...map]
      .map(([key, entries]) => `${String(key)}: ${[...entries].map(({ item }) => item.id).sort()}`)
      .sort();
  const { index } = board;
  return {
    items: [...board.items.values()].sort((a, b) => a.position - b.position),
    maps: [
      index.names,
      index.shorts,
      index.aliases,
      index.numbers,
      index.words,
      index.areas,
      index.kinds,
    ].map(ids),
    numbered: [...index.numbered.values()].flatMap(ids).sort(),
    words: [...index.vocabulary.byLength.values()].flatMap((bucket) => bucket.words).sort(),
    tally: [...board.tally]
      .flatMap(([kind, fields]) =>
        [...fields].flatMap(([field, values]) =>
          [...values].filter(([, n]) => n > 0).map(([value, n]) => `${kind} ${field} ${value} ${n}`),
        ),
      )
      .sort(),
  };
}

describe("the compiled board", () => {
  test("a change sets the field, remembers who, and counts up", () => {
    const board = compileBoard(kinds, [itemOf(0)]);
    const item = applyChange(board, {
      itemId: "itm_0",
      field: "status",
      to: "open",
      changeId: "chg_1",
      at: "T",
      by,
    });
    expect(item).toBe(board.items.get("itm_0"));
    expect(item).toMatchObject({
      fields: { status: "open" },
      revision: 1,
      updatedAt: "T",
      last: { status: { changeId: "chg_1", at: "T", by } },
    });
    expect(() =>
      applyChange(board, { itemId: "x", field: "status", to: null, changeId: "c", at: "T", by }),
    ).toThrow();
  });

  test("what is put in is copied", () => {
    const given = itemOf(0);
    const board = compileBoard(kinds, [given]);
    applyChange(board, { itemId: "itm_0", field: "status", to: "open", changeId: "c", at: "T", by });
    expect(given.fields).toEqual({ status: "closed" });
  });

  test("after any changes it is the board that would be compiled afresh", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("remove" as const), n: fc.nat(14) }),
      fc.record({
        do: fc.constant("upsert" as const),
        n: fc.nat(14),
        name: fc.constantFrom("Gate 1", "Gate 7", "Seven Up", "Ridge Run", "Rock and Roll", "Broadway", ""),
        alias: fc.constantFrom("gv", "Old One", "gate 1"),
        number: fc.constantFrom(null, 7, 25),
        area: fc.constantFrom(null, "North", "North Side"),
        archived: fc.boolean(),
      }),
      fc.record({
        do: fc.constant("change" as const),
        n: fc.nat(14),
        to: fc.constantFrom("open", "closed", null),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const board = compileBoard(
          kinds,
          Array.from({ length: 11 }, (_, n) => itemOf(n)),
        );
        for (const each of steps) {
          const itemId = `itm_${each.n}`;
          if (each.do === "remove") removeItem(board, itemId);
          else if (each.do === "upsert") {
            const { name, alias, number, area, archived } = each;
            upsertItem(board, itemOf(each.n, { name, aliases: [alias], number, area, archived }));
          } else if (board.items.has(itemId)) {
            applyChange(board, { itemId, field: "status", to: each.to, changeId: "c", at: "T", by });
          }
        }
        expect(picture(board)).toEqual(picture(compileBoard(kinds, [...board.items.values()])));
      }),
    );
  });
});

describe("resemblance of words", () => {
  test.each([
    ["broadway", "brodway", 1],
    ["queen", "qeen", 1],
    ["mian", "main", 1],
    ["brdwy", "broadway", 3],
    ["", "abc", 3],
    ["ca", "abc", 3],
    ["grün", "gruen", 2],
  ])("%s to %s: %i", (one, other, distance) => {
    expect(distanceTo(one)(other)).toBe(distance);
  });

  const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "é"), minLength: 1, maxLength: 12 });

  test("short and long words are measured alike", () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        // Both padded alike beyond the length that is measured bit by bit: the distance stays.
        const pad = "z".repeat(40);
        expect(distanceTo(pad + one)(pad + other)).toBe(distanceTo(one)(other));
      }),
    );
  });

  test("no word within the limit is missed", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), word, (words, typed) => {
        const vocabulary = emptyVocabulary();
        for (const each of words) addWord(vocabulary, each);
        const expected = new Map<string, number>();
        for (const each of words) {
          const distance = distanceTo(typed)(each);
          if (each !== typed && distance <= nearLimit(Math.max(each.length, typed.length)))
            expected.set(each, distance);
        }
        expect(resemblingWords(vocabulary, typed)).toEqual(expected);
      }),
    );
  });
});
