import type { MailOutcome, SendMail } from "../delivery/send-mail.ts";
import type { Database } from "../store/database.ts";
import type { ClaimedMail, MailAttempt, MailState } from "../store/mails.ts";
import { claimMails, nextMailIn, settleMail } from "../store/mails.ts";
import type { Logger } from "../tools/log.ts";
import type { Loop } from "./loop.ts";
import { startLoop } from "./loop.ts";

/*
 * Sends mails: claims what is due, tries each, settles it. A mail whose process dies during the attempt is due again
 * when its lease is over; it may then arrive twice, with the same id, but is never lost.
 */

const EVERY_MS = 1_000;
const AT_ONCE = 5;
/** Longer than the slowest attempt: a server may let us wait 20 s at each of eight steps. */
const LEASE_MS = 300_000;
/** Waits before the second and later attempts, ms. */
const RETRY_AFTER = [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000];

/** Waits before settling is tried again, ms. */
const SETTLE_WAITS = [100, 400, 1_500, 3_000];
/** A mail server that says nothing holds the program up no longer than this, ms; its mail is due again later. */
const STOP_MS = 3_000;

const NOT_SET_UP = "no SMTP_URL is set";

export interface MailDeps {
  database: Database;
  log: Logger;
  /** Null: no mail server is known. */
  sendMail: SendMail | null;
}

export function startMails(deps: MailDeps): Loop {
  const loop = startLoop({
    round: () => sendDue(deps),
    onFault: (error) => deps.log.error({ err: error }, "mails: a round failed"),
  });
  return {
    wake: loop.wake,
    stop: () => Promise.race([loop.stop(), new Promise<void>((done) => setTimeout(done, STOP_MS).unref())]),
  };
}

/** The mail is gone: a database that restarts just now must not have it sent once more. */
async function patiently(write: () => Promise<void>): Promise<void> {
  for (const wait of SETTLE_WAITS) {
    try {
      return await write();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  await write();
}

async function sendDue(deps: MailDeps): Promise<number> {
  const mails = await claimMails(deps.database, AT_ONCE, LEASE_MS);
  await Promise.all(mails.map((mail) => attempt(mail, deps)));
  if (mails.length === AT_ONCE) return 0;
  const next = await nextMailIn(deps.database);
  return Math.max(1, Math.min(EVERY_MS, next ?? EVERY_MS));
}

async function attempt(mail: ClaimedMail, { database, log, sendMail }: MailDeps): Promise<void> {
  const began = performance.now();
  const outcome = sendMail ? await sendMail(mail) : null;
  const { state, afterMs } = verdictOn(outcome, mail.step);
  const told: MailAttempt = {
    at: new Date().toISOString(),
    outcome: outcome?.kind ?? "not_set_up",
    code: outcome?.code ?? null,
    text: outcome?.text ?? NOT_SET_UP,
  };
  await patiently(() => settleMail(database, mail, state, told, afterMs));
  const { outcome: kind, code } = told;
  const ms = Math.round(performance.now() - began);
  const line = {
    mail: mail.id,
    to: maskAddress(mail.to),
    attempt: mail.step,
    outcome: kind,
    code,
    state,
    ms,
  };
  if (state === "failed") log.warn(line, "mails: a mail was given up");
  else log.info(line, "mails: an attempt");
}

function verdictOn(outcome: MailOutcome | null, step: number): { state: MailState; afterMs: number } {
  if (outcome?.kind === "accepted") return { state: "sent", afterMs: 0 };
  const afterMs = RETRY_AFTER[step - 1];
  if (outcome?.kind !== "unreachable" || afterMs === undefined) return { state: "failed", afterMs: 0 };
  return { state: "waiting", afterMs };
}

/** `team@example.com` becomes `t***@example.com`: enough to tell which it was. */
function maskAddress(address: string): string {
  return address.replace(/^(.?)[^@]*/, "$1***");
}
