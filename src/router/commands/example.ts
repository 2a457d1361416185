import type { BoardItem, Kind } from "../../domain/board.ts";
import { shortName } from "../sms-fit.ts";
import type { Entry } from "./name-index.ts";
import { entriesOf } from "./name-index.ts";
import type { Session } from "./session.ts";
import { lower } from "./wording.ts";

/** The first item, in the order of kinds and board, that the reporter may change. */
export function firstPermitted(session: Session, kinds: Iterable<string>): Entry | null {
  for (const kind of kinds) {
    const entry = entriesOf(session.board.index, kind).find(({ item }) => session.may(item));
    if (entry) return entry;
  }
  return null;
}

/** A command that would work, for replies: "open Tahoe Queen". Without a permission, a question. */
export function exampleFor(session: Session, verb: string | null = null): string | null {
  const { board } = session;
  const declared = verb === null ? null : board.grammar.verbs.get(verb);
  const kinds = declared ? [...declared.meanings.keys()] : [...board.kinds.keys()];
  const entry = firstPermitted(session, kinds);
  if (entry) {
    const said = verb ?? usefulVerb(board.kinds.get(entry.item.kind), entry.item);
    return said === null ? null : `${lower(said)} ${shortName(entry.item.name)}`;
  }
  const [any] = kinds.flatMap((kind) => entriesOf(board.index, kind)[0] ?? []);
  return any ? `status ${shortName(any.item.name)}` : null;
}

/** A verb that would change the item as it is now. */
function usefulVerb(kind: Kind | undefined, item: BoardItem): string | null {
  const [field] = kind?.fields ?? [];
  const value = field?.values.find((each) => each.key !== item.fields[field.key] && each.verbs.length > 0);
  return value?.verbs[0] ?? null;
}
