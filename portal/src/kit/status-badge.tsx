import { Badge } from "@mantine/core";
import { inWords } from "./words.ts";

const GOOD = "teal";
const BAD = "red";
const WAITS = "yellow";
const QUIET = "gray";

const MESSAGE_COLORS: Record<string, string> = {
  delivered: GOOD,
  read: GOOD,
  received: GOOD,
  sent: "blue",
  handed_over: "blue",
  queued: WAITS,
  held: WAITS,
  undelivered: BAD,
  failed: BAD,
  expired: BAD,
  withheld: QUIET,
};

const OUTCOME_COLORS: Record<string, string> = {
  changed: GOOD,
  undone: GOOD,
  partly_changed: WAITS,
  partly_undone: WAITS,
  save_failed: BAD,
  forbidden: BAD,
  pin_wrong: BAD,
  pin_locked: BAD,
  not_found: "orange",
  not_understood: "orange",
  not_applicable: "orange",
  unknown_sender: "orange",
  rate_limited: "orange",
  asked_menu: "blue",
  asked_mean: "blue",
  asked_confirm: "blue",
  asked_pin: "blue",
};

/** Colour never stands alone: the word is always there. */
export function MessageStatus({ status }: { status: string }) {
  return <Word word={status} color={MESSAGE_COLORS[status] ?? QUIET} />;
}

export function Outcome({ outcome }: { outcome: string }) {
  return <Word word={outcome} color={OUTCOME_COLORS[outcome] ?? QUIET} />;
}

function Word({ word, color }: { word: string; color: string }) {
  return (
    <Badge color={color} variant="light" tt="none" fw={600} style={{ flexShrink: 0 }}>
      {inWords(word)}
    </Badge>
  );
}
