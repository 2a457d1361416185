import type { Prompt, ReporterState } from "../state.ts";
import { piece } from "./compose.ts";
import type { Answer, Session } from "./session.ts";

/*
 * PINs. A wrong one counts; with the last try the question is dropped, commands that need a PIN are locked
 * for a while and an alert goes out. The right one forgets the count, and so does a lock that has ended or
 * a lock's length without a try.
 */

const MINUTE = 60_000;

/** Minutes until PIN commands work again; null = they do. */
export function lockedMinutes(session: Session): number | null {
  const until = session.input.reporterState.pin?.lockedUntil ?? 0;
  return until > session.now ? Math.ceil((until - session.now) / MINUTE) : null;
}

export function pinLocked(minutes: number): Answer {
  return {
    class: "command",
    wanted: true,
    outcome: "pin_locked",
    pieces: [piece("pin.locked", { minutes })],
    prompt: null,
  };
}

/** Whether this is the reporter's PIN. */
export function checkPin(session: Session, pin: string): boolean {
  const { pinHash } = session.reporter;
  return pinHash !== null && /^[0-9]{4,8}$/.test(pin) && session.input.hashPin(pin) === pinHash;
}

/** Counts a wrong PIN; `prompt` is the question that stays while tries are left. */
export function pinFailed(session: Session, prompt: Prompt | null): Answer {
  const { pinTries, pinLockMinutes } = session.commands;
  const failures = failuresSoFar(session.input.reporterState, session.now, pinLockMinutes) + 1;
  if (failures < pinTries) {
    return {
      class: "prompt",
      wanted: true,
      outcome: "pin_wrong",
      pieces: [piece("pin.wrong", { n: pinTries - failures })],
      prompt,
      pin: { failures, at: session.now, lockedUntil: 0 },
    };
  }
  const text = `PIN commands of ${session.reporter.name} are locked for ${pinLockMinutes} min after ${failures} wrong PINs`;
  return {
    ...pinLocked(pinLockMinutes),
    pin: { failures: 0, at: session.now, lockedUntil: session.now + pinLockMinutes * MINUTE },
    alerts: [{ kind: "alert", code: "pin_locked", text }],
  };
}

function failuresSoFar(state: ReporterState, now: number, lockMinutes: number): number {
  const { pin } = state;
  return pin && now - pin.at < lockMinutes * MINUTE ? pin.failures : 0;
}

const INLINE_PIN = /[\s,;]*\bpin[\s:#=]*([0-9]{4,8})\b/iu;

/** A PIN that comes with a command, and the text without it. */
export function inlinePinOf(text: string): { text: string; pin: string | null } {
  const found = INLINE_PIN.exec(text);
  if (!found?.[1]) return { text, pin: null };
  return { text: text.slice(0, found.index) + text.slice(found.index + found[0].length), pin: found[1] };
}

/** The text with every PIN in it made unreadable. `alone`: the whole text is an answer to a PIN question. */
export function maskPins(text: string, alone: boolean): string | null {
  const masked = alone
    ? text.replace(/\p{Nd}/gu, "*")
    : text.replace(
        /(\bpin[\s:#=]*)([0-9]{4,8})\b/giu,
        (_, before: string, digits: string) => before + "*".repeat(digits.length),
      );
  return masked === text ? null : masked;
}
