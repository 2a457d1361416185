/**
 * What is remembered between texts. Both states are plain JSON, kept by the store in one row each and
 * replaced as a whole by the decision. An empty object `{}` is the state of somebody never seen.
 */

/** Per channel and sender. */
export interface ConversationState {
  [key: string]: unknown;
}

/** Per reporter, over all phones and channels: what UNDO covers, the rate window, PIN tries. */
export interface ReporterState {
  [key: string]: unknown;
}
