import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HubError } from "../../domain/errors.ts";
import type { FailureWindow } from "../../store/sign-in-failures.ts";
import { clearTries, countTry, takeBackTry } from "../../store/sign-in-failures.ts";
import type { PortalDeps } from "./routes.ts";

/** After ten wrong passwords of an account nobody gets further with it for a while, whatever address they come from. */
const WRONG_PASSWORDS = 10;
const WINDOW_MS = 15 * 60_000;

/** What is counted by: a hash, whether or not there is such an account. */
export function accountOf(...parts: (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Counts a password, has it looked at by `handle`, and counts it back where it was not wrong. */
export async function countPassword<Answer extends { status: number; body: Record<string, unknown> | null }>(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { account, handle }: { account: Buffer; handle: () => Promise<Answer> },
): Promise<Answer> {
  const now = new Date(deps.clock.now());
  const window = await countTry(deps.database, account, now, WINDOW_MS);
  if (window.tries > WRONG_PASSWORDS) throw lockedOut(reply, window, now);
  const answer = await handle();
  const isWrong = answer.status === 401 || answer.body?.code === "INVALID_PASSWORD";
  if (answer.status < 300) await clearTries(deps.database, account);
  else if (!isWrong) await takeBackTry(deps.database, account);
  else deps.log.warn({ client: deps.signIn.addressOf(request), tries: window.tries }, "sign-in: refused");
  return answer;
}

function lockedOut(reply: FastifyReply, window: FailureWindow, now: Date): HubError {
  const seconds = Math.ceil((window.since.getTime() + WINDOW_MS - now.getTime()) / 1_000);
  reply.header("retry-after", String(Math.max(1, seconds)));
  return new HubError("rate_limited", "Too many wrong passwords. Please wait a quarter of an hour.");
}
