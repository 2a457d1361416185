import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BoardItem, Reporter } from "../../src/domain/board.ts";
import type { Effect } from "../../src/domain/effect.ts";
import type { Id, IdPrefix } from "../../src/domain/ids.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { measureText } from "../../src/domain/sms-text.ts";
import type { Board } from "../../src/router/commands/board.ts";
import { applyChange, compileBoard } from "../../src/router/commands/board.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import { route } from "../../src/router/route.ts";
import { NO_RULES } from "../../src/router/rules/compile.ts";
import type { Decision, RouteInput } from "../../src/router/types.ts";

const { kinds, items } = resortTemplate();

function boardOf(names: string[]): Board {
  const sample = items.map((item) => ({ ...item }));
  const more = names.map((name, n) => ({
    kind: kinds[n % kinds.length]?.key ?? "lift",
    name,
    aliases: [],
    number: null,
    area: null,
    fields: { status: "closed" },
  }));
  const list = [...sample, ...more].map(
    (item, position): BoardItem => ({
      ...item,
      id: `itm_${position}`,
      archived: false,
      position,
      revision: 0,
      updatedAt: "2026-01-01T00:00:00.000Z",
      last: {},
    }),
  );
  return compileBoard(kinds, list);
}

const ana: Reporter = {
  id: "rep_1",
  name: "Ana Łukasiewicz-Oğuz of the very long name and a half",
  phones: ["+14155550101"],
  permissions: ["*"],
  confirmation: null,
  undoWindowSeconds: null,
  pinHash: "4711",
  active: true,
  tags: [],
};

const NOW = Date.UTC(2026, 0, 15, 12);

interface Memory {
  conversation: RouteInput["conversation"];
  reporterState: RouteInput["reporterState"];
}

function inputOf(board: Board, text: string, memory: Memory, more: Partial<RouteInput> = {}): RouteInput {
  let count = 0;
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
    now: NOW,
    newId: <P extends IdPrefix>(prefix: P): Id<P> => `${prefix}_${count++}_${board.items.size}`,
    settings: defaultSettings("Signal Peak"),
    board,
    reporter: ana,
    ...memory,
    optedOut: false,
    optOuts: { all: false, address: false, topics: [] },
    fromOwnAddress: false,
    hashPin: (pin) => pin,
    rules: NO_RULES,
    place: { channelId: "chn_1", deviceId: "chn_1", tenantName: "Signal Peak", ref: null, contact: {} },
    ...more,
  };
}

function changesOf(decision: Decision): Extract<Effect, { kind: "change-board" }>[] {
  return decision.effects.filter((effect) => effect.kind === "change-board");
}

function checkTexts(decision: Decision, segments: number): void {
  for (const effect of decision.effects) {
    if (effect.kind !== "send-text") continue;
    const measure = measureText(effect.text);
    expect(measure.encoding, effect.text).toBe("GSM-7");
    expect(measure.segments, effect.text).toBeLessThanOrEqual(segments);
    expect(effect.text).not.toMatch(/[{}]|undefined|NaN/);
    expect(effect.text).not.toBe("");
  }
}

/** Words of the trade, thrown together: far more of them mean something than of random letters. */
const words =
  "open close hold groom ungroom not dont on gate gates lift trail 1 2 5 7 25 59 one twenty , and & + / - 1-5 all every everything north to the is ? broadway brodway tahoe king queen qeen east west face upper sugar spice rail slide grooming status help undo more yes no ok y n cancel stop start pin 4711 #5 option please thanks grandview xyz \n".split(
    " ",
  );
const trade = fc.array(fc.constantFrom(...words), { maxLength: 9 }).map((list) => list.join(" "));
const anyText = fc.oneof(
  trade,
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ maxLength: 1_200 }),
);
const anyName = fc.oneof(trade, fc.string({ unit: "grapheme", maxLength: 70 }));

describe("whatever is texted", () => {
  test("a conversation never throws, never touches its input, and stays within plain segments", () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 1, maxLength: 8 }),
        fc.array(anyName, { maxLength: 4 }),
        fc.constantFrom(1, 2, 4),
        fc.constantFrom("immediate" as const, "two_step" as const),
        (texts, names, segmentsPerReply, confirmation) => {
          const board = boardOf(names);
          const settings = defaultSettings("Signal Peak of the Ütli ⛷");
          settings.commands = { ...settings.commands, segmentsPerReply, confirmation };
          settings.commands.confirmationRules = [{ kind: "gate", field: null, value: "closed", mode: "pin" }];
          let memory: Memory = { conversation: {}, reporterState: {} };
          for (const text of texts) {
            const input = inputOf(board, text, memory, { settings });
            const before = JSON.stringify([memory, [...board.items.values()]]);
            const decision = route(input);
            expect(JSON.stringify([memory, [...board.items.values()]])).toBe(before);
            checkTexts(decision, segmentsPerReply);
            if (changesOf(decision).length > 0) {
              expect(decision.ifSaveFails).not.toBeNull();
              expect(decision.ifSaveFails?.effects.some((effect) => effect.kind === "change-board")).toBe(
                false,
              );
              expect(decision.ifSaveFails?.conversation.prompt).toEqual(memory.conversation.prompt);
              expect(decision.ifSaveFails?.reporterState.undo).toEqual(memory.reporterState.undo);
            }
            for (const { itemId, field, to, changeId } of changesOf(decision)) {
              const by = { kind: "reporter", id: ana.id, name: ana.name } as const;
              applyChange(board, { itemId, field, to, changeId, at: new Date(NOW).toISOString(), by });
            }
            memory = JSON.parse(
              JSON.stringify({ conversation: decision.conversation, reporterState: decision.reporterState }),
            ) as Memory;
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test("a text whose number names no item changes nothing", () => {
    const board = boardOf([]);
    const verb = fc.constantFrom("open", "close", "hold", "groom", "shut", "reopen");
    const hint = fc.constantFrom(
      "",
      "gate",
      "gates",
      "lift",
      "trail",
      "run",
      "gatte",
      "broadway",
      "east face",
      "tahoe king",
    );
    const number = fc.integer({ min: 0, max: 99_999 }).filter((n) => ![1, 2, 5, 25, 31, 59].includes(n));
    const written = fc.constantFrom("", "#", "+", "-", "no ");
    fc.assert(
      fc.property(verb, hint, number, written, fc.boolean(), (said, kind, n, sign, first) => {
        const name = `${kind} ${sign}${n}`;
        const text = first ? `${said} ${name}` : `${name} ${said}`;
        const decision = route(inputOf(board, text, { conversation: {}, reporterState: {} }));
        expect(changesOf(decision), text).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("a question changes nothing", () => {
    const board = boardOf([]);
    fc.assert(
      fc.property(trade, (said) => {
        const decision = route(inputOf(board, `${said} gate 5?`, { conversation: {}, reporterState: {} }));
        expect(changesOf(decision)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("nobody changes what he may not, and nobody unknown changes anything", () => {
    const board = boardOf([]);
    const lifts = { ...ana, permissions: ["lift"] };
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 4 }), fc.constantFrom(lifts, null), (texts, reporter) => {
        let memory: Memory = { conversation: {}, reporterState: {} };
        for (const text of texts) {
          const decision = route(inputOf(board, text, memory, { reporter }));
          for (const { itemId } of changesOf(decision)) {
            expect(reporter).not.toBeNull();
            expect(board.items.get(itemId)?.kind).toBe("lift");
          }
          memory = { conversation: decision.conversation, reporterState: decision.reporterState };
        }
      }),
      { numRuns: 300 },
    );
  });

  test("STOP is heard whatever question is open", () => {
    const board = boardOf([]);
    fc.assert(
      fc.property(trade, fc.constantFrom("stop", "STOP!", "Unsubscribe", "please stop"), (text, stop) => {
        const { conversation, reporterState } = route(
          inputOf(board, text, { conversation: {}, reporterState: {} }),
        );
        const decision = route(inputOf(board, stop, { conversation, reporterState }));
        expect(decision.effects[0]).toMatchObject({ kind: "change-consent", action: "revoke", scope: "all" });
        expect(decision.conversation.prompt).toBeUndefined();
      }),
    );
  });
});
