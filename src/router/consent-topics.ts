import type { Topic } from "../domain/settings.ts";
import type { Board } from "./commands/board.ts";
import { verbAt } from "./commands/grammar.ts";
import { findByName } from "./commands/match.ts";
import { bareMessage, comparable } from "./consent-words.ts";

/** What a text says about one topic: "STOP SNOW", "JOIN SNOW". */
export interface TopicReading {
  action: "revoke" | "restore";
  topic: Topic;
  word: string;
}

const LEAVE = /^(?:stop|unsubscribe|quit)(?: from)? (.+)$/;
const JOIN = /^(?:start|unstop|join|subscribe)(?: to)? (.+)$/;

/** Reads a text that names one of the tenant's topics behind a word of consent; null = it is none. */
export function readTopic(normalised: string, topics: readonly Topic[]): TopicReading | null {
  if (topics.length === 0) return null;
  const bare = bareMessage(normalised);
  const leave = LEAVE.exec(bare)?.[1];
  const name = leave ?? JOIN.exec(bare)?.[1];
  if (name === undefined) return null;
  const topic = topics.find(({ key, name: own, words }) =>
    [key, own, ...words].some((word) => comparable(word) === name),
  );
  return topic ? { action: leave === undefined ? "restore" : "revoke", topic, word: bare } : null;
}

/** Whether the words are a verb of the board and something that exists: then they are a command. */
export function isCommandOf(board: Board, words: readonly string[]): boolean {
  const verb = verbAt(board.grammar, words, 0);
  return verb !== null && findByName(board, words.slice(verb.length), null, false) !== null;
}
