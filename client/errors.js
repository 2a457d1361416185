/** @import { Issue, SignalboxErrorFacts, WebhookFault } from "./index.js" */

/** Everything a call can fail with, except what its own `signal` says: the program's answer, or that none came. */
export class SignalboxError extends Error {
  /**
   * @param {string} message
   * @param {SignalboxErrorFacts} facts
   */
  constructor(message, { code, status, issues = [], retryAfter = null, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SignalboxError";
    /** @readonly */
    this.code = code;
    /** @readonly */
    this.status = status;
    /** @readonly @type {Issue[]} */
    this.issues = issues;
    /** @readonly @type {number | null} */
    this.retryAfter = retryAfter;
  }
}

/** A webhook that is not to be believed, or cannot be checked. */
export class WebhookVerificationError extends Error {
  /**
   * @param {WebhookFault} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "WebhookVerificationError";
    /** @readonly @type {WebhookFault} */
    this.code = code;
  }
}
