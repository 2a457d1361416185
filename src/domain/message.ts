/** Every outgoing text has one kind, set where it is made; what may block it follows from the kind. */
export type MessageKind = "compliance" | "command_reply" | "auto_reply" | "conversation" | "notification";

export interface MessageKindRule {
  /** 0 leaves first. */
  priority: number;
  blockedByOptOut: boolean;
  /** Once the day's budget is used up: `paused` does not leave, `counted` does. */
  budget: "counted" | "paused";
  /** A text older than this expires instead of leaving late. */
  livesMs: number;
}

const MINUTE = 60_000;

export const MESSAGE_KINDS: Record<MessageKind, MessageKindRule> = {
  compliance: { priority: 0, blockedByOptOut: false, budget: "counted", livesMs: 5 * MINUTE },
  command_reply: { priority: 1, blockedByOptOut: true, budget: "paused", livesMs: 10 * MINUTE },
  auto_reply: { priority: 2, blockedByOptOut: true, budget: "paused", livesMs: 10 * MINUTE },
  conversation: { priority: 2, blockedByOptOut: true, budget: "counted", livesMs: 24 * 60 * MINUTE },
  notification: { priority: 3, blockedByOptOut: true, budget: "paused", livesMs: 4 * 60 * MINUTE },
};

export type MessageStatus =
  | "held"
  | "queued"
  | "handed_over"
  | "sent"
  | "undelivered"
  | "failed"
  | "expired"
  | "cancelled"
  | "delivered"
  | "read"
  | "received";

/** The ladder: a status is only ever replaced by one of a higher rank. */
export const STATUS_RANK: Record<MessageStatus, number> = {
  held: 0,
  queued: 1,
  handed_over: 2,
  sent: 3,
  undelivered: 4,
  failed: 4,
  expired: 4,
  cancelled: 4,
  delivered: 5,
  read: 6,
  received: 7,
};
