import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { cookieNamed, cookiePrefixAt } from "./cookies.ts";

/*
 * Whoever knows an e-mail address can guess passwords until the account rests, and begin again each quarter of an hour.
 * So that this keeps nobody out, a browser in which somebody signed in before carries a mark of the account, and its
 * wrong passwords are counted apart: all marked browsers of an account together have ten tries of their own. The mark
 * opens nothing.
 */

const YEAR_SECONDS = 365 * 24 * 60 * 60;

export interface KnownBrowser {
  /** Whether this person signed in by this browser before. `account`: as wrong passwords are counted. */
  isKnown(request: FastifyRequest, account: Buffer): boolean;
  /** The Set-Cookie line that makes it known. */
  markFor(account: Buffer): string;
}

export function createKnownBrowser(deps: { secret: string; publicUrl: () => string }): KnownBrowser {
  const markOf = (account: Buffer) =>
    createHmac("sha256", deps.secret).update("known browser ").update(account).digest("base64url");
  const nameOf = (url: string) => `${cookiePrefixAt(url)}.known`;
  return {
    isKnown(request, account) {
      const held = Buffer.from(cookieNamed(request, nameOf(deps.publicUrl())) ?? "");
      const mark = Buffer.from(markOf(account));
      return held.length === mark.length && timingSafeEqual(held, mark);
    },
    markFor(account) {
      const url = deps.publicUrl();
      const secure = url.startsWith("https:") ? " Secure;" : "";
      return `${nameOf(url)}=${markOf(account)}; Max-Age=${YEAR_SECONDS}; Path=/; HttpOnly;${secure} SameSite=Lax`;
    },
  };
}
