import type { Counts } from "./counts.ts";
import type { Received } from "./fake-provider.ts";
import type { Report } from "./report.ts";
import { reporterPhone, turnReply, turnText } from "./texts.ts";

/** What was sent: reporter after reporter, turn after turn. */
export interface SentTurns {
  first: number;
  reporters: number;
  texts: number;
}

export function phonesOf({ first, reporters }: SentTurns): string[] {
  return Array.from({ length: reporters }, (_, index) => reporterPhone(first + index));
}

export function turnsOf({ first, reporters, texts }: SentTurns, reporter: number): number {
  return Math.floor(texts / reporters) + (reporter - first < texts % reporters ? 1 : 0);
}

/** Every text has one row in the log and one effect, every reporter's in the order they were sent. */
export async function checkCommands(report: Report, counts: Counts, sent: SentTurns): Promise<void> {
  const rows = await counts.commands(phonesOf(sent));
  report.equal("rows of the command log", rows.length, sent.texts);
  report.equal(
    "rows that changed something",
    rows.filter((row) => row.outcome === "changed").length,
    sent.texts,
  );
  report.equal("changes of the board", await counts.changes(phonesOf(sent)), sent.texts);
  const byPhone = Map.groupBy(rows, (row) => row.phone);
  for (let reporter = sent.first; reporter < sent.first + sent.reporters; reporter++) {
    const texts = byPhone.get(reporterPhone(reporter))?.map((row) => row.text) ?? [];
    const wanted = Array.from({ length: turnsOf(sent, reporter) }, (_, turn) => turnText(reporter, turn));
    const wrong = wanted.findIndex((text, turn) => text !== texts[turn]);
    if (wrong >= 0) {
      report.fault(
        `reporter ${reporter}, text ${wrong}: "${texts[wrong]}" in the log instead of "${wanted[wrong]}"`,
      );
    }
  }
}

/** Every reporter got exactly one reply to each text, in order. */
export function checkReplies(report: Report, received: Received, sent: SentTurns): void {
  report.equal("replies at the provider", received.count, sent.texts);
  for (let reporter = sent.first; reporter < sent.first + sent.reporters; reporter++) {
    const replies = received.texts.get(reporterPhone(reporter)) ?? [];
    const turns = turnsOf(sent, reporter);
    if (replies.length !== turns) {
      report.fault(`reporter ${reporter}: ${replies.length} replies to ${turns} texts`);
      continue;
    }
    const wrong = replies.findIndex((reply, turn) => !reply.startsWith(turnReply(reporter, turn)));
    if (wrong >= 0) {
      report.fault(
        `reporter ${reporter}, reply ${wrong}: "${replies[wrong]}" is not "${turnReply(reporter, wrong)}"`,
      );
    }
  }
}

export async function checkNothingWaits(report: Report, counts: Counts): Promise<void> {
  const left = await counts.waiting();
  report.equal("arrivals left to route", left.inbox, 0);
  report.equal("texts left to send", left.outbox, 0);
  report.equal("texts still under way", left.flights, 0);
}
