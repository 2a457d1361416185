import type { MessageArrival } from "../../src/domain/arrival.ts";
import type { BoardItem, Reporter } from "../../src/domain/board.ts";
import type { Effect } from "../../src/domain/effect.ts";
import { newId } from "../../src/domain/ids.ts";
import type { TenantSettings } from "../../src/domain/settings.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import type { Board } from "../../src/router/commands/board.ts";
import { applyChange, compileBoard } from "../../src/router/commands/board.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import { route } from "../../src/router/route.ts";
import { NO_RULES } from "../../src/router/rules/compile.ts";
import type { ConversationState, ReporterState } from "../../src/router/state.ts";
import type { Decision, RouteInput } from "../../src/router/types.ts";
import type { BoardView, Letter, LogRow, Person, Reply, Sender, World } from "./acceptance-runner.ts";
import { phones } from "./acceptance-runner.ts";

/** The engine with all that it remembers kept in maps: what the workers and the store do, in memory. */
export function memoryWorld(): World {
  let settings: TenantSettings = defaultSettings("Signal Peak");
  let board: Board = compileBoard([], []);
  let people: Person[] = [];
  let now = Date.UTC(2026, 0, 15, 12, 0, 0);
  let failing = false;
  const conversations = new Map<string, ConversationState>();
  const states = new Map<string, ReporterState>();
  const optedOut = new Set<string>();
  let log: LogRow[] = [];
  let alerts: string[] = [];

  function reporterOf(person: Person): Reporter {
    const { letter, name, phones: own, permissions, confirmation, undoWindowSeconds, pin, active } = person;
    const pinHash = pin === null ? null : hashPin(pin);
    return {
      id: letter,
      name,
      phones: own,
      permissions,
      confirmation,
      undoWindowSeconds,
      pinHash,
      active,
      tags: [],
    };
  }

  function decide(arrival: MessageArrival, key: string): { decision: Decision; reporter: Reporter | null } {
    const person = people.find((each) => each.phones.includes(arrival.from));
    const reporter = person ? reporterOf(person) : null;
    const input: RouteInput = {
      arrival,
      now,
      newId,
      settings,
      board,
      reporter,
      reporterState: states.get(reporter?.id ?? "") ?? {},
      conversation: conversations.get(key) ?? {},
      optedOut: optedOut.has(arrival.from),
      optOuts: { all: optedOut.has(arrival.from), address: false, topics: [] },
      fromOwnAddress: false,
      hashPin,
      rules: NO_RULES,
      place: { channelId: "chn_1", deviceId: "chn_1", tenantName: "Signal Peak", ref: null, contact: {} },
    };
    const frozen = JSON.stringify([input.conversation, input.reporterState, [...board.items.values()]]);
    let decision = route(input);
    const after = JSON.stringify([input.conversation, input.reporterState, [...board.items.values()]]);
    if (after !== frozen) throw new Error("the router changed its input");
    if (failing && decision.effects.some((effect) => effect.kind === "change-board")) {
      if (!decision.ifSaveFails) throw new Error("nothing is decided for a failing save");
      decision = decision.ifSaveFails;
    }
    return { decision, reporter };
  }

  function apply(effect: Effect, row: LogRow, from: string, reporter: Reporter | null): Reply | null {
    switch (effect.kind) {
      case "send-text": {
        row.replyKey ??= effect.key;
        row.replyStatus = effect.withheld === null ? "queued" : null;
        return { key: effect.key, text: effect.text, withheld: effect.withheld !== null };
      }
      case "change-board": {
        const by = { kind: "reporter" as const, id: reporter?.id ?? "", name: reporter?.name ?? "" };
        const { changeId, itemId, field, to } = effect;
        const at = new Date(now).toISOString();
        const item = applyChange(board, { itemId, field, to, changeId, at, by });
        row.changes.push({
          id: changeId,
          item: item.name,
          field,
          from: effect.from,
          to,
          reverses: effect.reverses,
        });
        return null;
      }
      case "change-consent":
        if (effect.action === "revoke") optedOut.add(from);
        else optedOut.delete(from);
        return null;
      case "review-consent":
      case "call-webhook":
      case "send-mail":
        return null;
      case "alert":
        alerts.push(effect.code);
        return null;
    }
  }

  return {
    async setup({ items, extraKinds, commands, people: given }) {
      settings = defaultSettings("Signal Peak");
      settings.commands = { ...settings.commands, ...commands };
      const kinds = [...resortTemplate().kinds, ...extraKinds];
      const list = items.map(
        (item, position): BoardItem => ({
          ...item,
          id: `itm_${position}`,
          position,
          revision: 0,
          updatedAt: new Date(now).toISOString(),
          last: {},
        }),
      );
      board = compileBoard(kinds, list);
      people = given;
      conversations.clear();
      states.clear();
      optedOut.clear();
      log = [];
      alerts = [];
      failing = false;
    },
    async text(sender, text, options) {
      const from = phones[sender];
      const key = `${options.channel ?? 1} ${from}`;
      const media = options.media ? [{ url: "https://media.test/1", contentType: null, bytes: null }] : [];
      const arrival: MessageArrival = {
        kind: "message",
        providerMessageId: null,
        from,
        to: "+14155550000",
        text,
        media,
        providerTime: null,
        providerContactId: null,
      };
      const { decision, reporter } = decide(arrival, key);
      const row: LogRow = {
        text: decision.log.maskedText ?? text,
        outcome: decision.log.outcome,
        deliveries: 1,
        changes: [],
        replyKey: null,
        reporter: reporter?.name ?? null,
        channel: null,
        replyStatus: null,
      };
      const replies = decision.effects.flatMap((effect) => apply(effect, row, from, reporter) ?? []);
      log.push(row);
      conversations.set(key, copy(decision.conversation));
      if (reporter) states.set(reporter.id, copy(decision.reporterState));
      return replies;
    },
    async advance(seconds) {
      now += seconds * 1000;
    },
    async board() {
      const view: BoardView = {};
      for (const item of board.items.values()) if (!item.archived) view[item.name] = { ...item.fields };
      return view;
    },
    async changePerson(letter: Letter, change) {
      people = people.map((person) => (person.letter === letter ? { ...person, ...change } : person));
    },
    async failSaves(on) {
      failing = on;
    },
    async log() {
      return structuredClone(log);
    },
    async optedOut(sender: Sender) {
      return optedOut.has(phones[sender]);
    },
    async alerts() {
      return [...alerts];
    },
  };
}

/** States go through JSON, as they do in the store. */
function copy<T>(state: T): T {
  return JSON.parse(JSON.stringify(state)) as T;
}

function hashPin(pin: string): string {
  return `hash of ${pin}`;
}
