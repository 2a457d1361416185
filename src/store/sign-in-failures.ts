import type { Reader } from "./database.ts";

/*
 * An account's wrong passwords, counted in a window that begins with the first of them. A try counts before its
 * password is looked at, so that a thousand at the same time are no way around; a right password clears the count,
 * and a try that never came to a password is taken back.
 */

export interface FailureWindow {
  /** Tries of this window, this one included. */
  tries: number;
  since: Date;
}

/** Counts a try; a window older than `windowMs` is over, and a new one begins. */
export async function countTry(
  reader: Reader,
  account: Buffer,
  now: Date,
  windowMs: number,
): Promise<FailureWindow> {
  const rows = await reader.run<FailureWindow>(
    "sign-in-count",
    `insert into sign_in_failures as f (account, failures, since) values ($1, 1, $2::timestamptz)
     on conflict (account) do update set
       failures = case when f.since <= $2::timestamptz - $3 * interval '1 millisecond' then 1 else f.failures + 1 end,
       since = case when f.since <= $2::timestamptz - $3 * interval '1 millisecond' then $2 else f.since end
     returning failures as tries, since`,
    [account, now, windowMs],
  );
  return rows[0] ?? { tries: 1, since: now };
}

export async function clearTries(reader: Reader, account: Buffer): Promise<void> {
  await reader.run("sign-in-clear", "delete from sign_in_failures where account = $1", [account]);
}

export async function takeBackTry(reader: Reader, account: Buffer): Promise<void> {
  await reader.run(
    "sign-in-take-back",
    "update sign_in_failures set failures = greatest(0, failures - 1) where account = $1",
    [account],
  );
}
