/** A way to write events down for a receiver. Sees no database and no network. */
export interface HookFormat {
  /** As in `POST /v1/endpoints`; equals the file name. */
  format: string;
  title: string;
  /** What it is for, one line. */
  help: string;
  /** `X-MAC-Signature` is part of it. */
  mac: boolean;
  /** The body is the event itself: nothing has to be kept to send the same bytes again. */
  isNative: boolean;
  /** Its receivers do not tell repeats apart: only what surely was not processed is sent again. */
  isCautious: boolean;
  /** Whole try, ms, unless the endpoint says otherwise. */
  timeoutMs: number;
  /** The request, or why this event is none of its business. */
  render(event: HookEvent, context: FormatContext): Rendered | { skip: string };
}

export interface HookEvent {
  id: string;
  type: string;
  /** ISO 8601. */
  timestamp: string;
  tenantId: string;
  /** The JSON of `data`, as it was written. */
  data: string;
}

export interface FormatContext {
  /** endpoint, forward_all, rule, integration or callback. */
  source: string;
  tenantName: string;
  options: Record<string, unknown>;
  /** The contact the event is about, for formats that tell of people. */
  contact: HookContact | null;
  /** Base of our own addresses. */
  publicUrl: string;
}

export interface HookContact {
  id: string;
  createdAt: string;
  updatedAt: string;
  bounces: number;
  unsubscribedAt: string | null;
}

export interface Rendered {
  body: string;
}
