import type { Arrival, ReceiptArrival } from "../domain/arrival.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Alphabet } from "../domain/sms-text.ts";

/**
 * One SMS provider. A channel file only maps: requests to arrivals, texts to calls, answers to outcomes.
 * It has no database, no clock and no network of its own; what it needs is handed to it.
 */
export interface ChannelProvider {
  /** As in `POST /v1/channels`: "mobiniti", "simulator" ... Equals the file name. */
  provider: string;
  title: string;
  /** Draws the portal form, the API validation, the masking and the docs table. */
  settings: SettingField[];
  /** Kinds of inbound addresses under the channel's token; the first is also the bare address. Empty: no door. */
  doors: DoorKind[];
  /** How the provider may call its doors; left out: with POST only. */
  doorMethods?: DoorMethod[];
  /** Least time between two calls of one route, ms; null = no limit of its own. */
  pacePerRouteMs: number | null;
  /** How many sends may be under way at once. */
  concurrency: number;
  /** The provider takes our message id as an idempotency key, so an uncertain send may be repeated. */
  idempotentSend: boolean;
  /**
   * Words that the provider answers by itself, unless the user has switched that off there: as the whole message,
   * in any case. Left out: it answers none.
   */
  answersConsent?: readonly string[];
  /** Words besides START and UNSTOP that make it carry texts again to somebody who had opted out, on long codes. */
  opensRouteOn?: readonly string[];
  /** A text with more segments is refused before it leaves; none leaves with more than `MOST_SEGMENTS`. */
  maxSegments: number;
  /** The table its texts are measured by; left out, the whole of GSM-7. */
  alphabet?: Alphabet;
  /** The table for texts from a short code; left out, the same. */
  shortCodeAlphabet?: Alphabet;
  /** How many files one text may carry; left out: it sends none. */
  sendsMedia?: { most: number };
  /**
   * Where files of texts that come in may be fetched: `media.example.com`, `*.example.com` for what is below it,
   * with a path only what lies under that. The address in the setting `apiUrl` is always one of them.
   */
  mediaHosts?: string[];
  /** What opens those files: shown to these hosts of the provider's own (and to `apiUrl`) alone. */
  mediaAuth?: { hosts: string[]; headers(settings: ChannelSettings): Record<string, string> };
  /** Checks that the settings fit together; the issues name the field. */
  check(settings: ChannelSettings): SettingIssue[];
  /** Whether the request is genuine. Looks at raw bytes, headers and addresses only. */
  verify(request: DoorRequest, settings: ChannelSettings): Verdict;
  parse(request: DoorRequest, context: ParseContext): Parsed;
  acknowledge(): Acknowledgement;
  /** What a kept arrival teaches the channel, for providers with contacts of their own. */
  learn?(arrival: Arrival): MemoryFill | null;
  send(text: OutgoingText, context: SendContext): Promise<Outcome>;
  /**
   * For providers that send no receipts: when to ask for the state of a text, ms after it was accepted. Asking
   * ends with the first state that is final.
   */
  pollAfterMs?: number[];
  /** Asks for the state of a text; null = nothing new, or it could not be asked. */
  poll?(providerMessageId: string, context: SendContext): Promise<ReceiptArrival | null>;
  /**
   * Looks for a text whose send had no clear answer: every text the provider has with this recipient and these
   * words, sent about that time. Null = it could not be asked.
   */
  lookUp?(text: OutgoingText, sentAt: Date, context: SendContext): Promise<FoundText[] | null>;
  /** Calls the provider without sending anything to see whether the credentials are good. */
  probe(context: SendContext): Promise<Outcome>;
}

export type DoorMethod = "GET" | "POST";

export interface DoorKind {
  kind: string;
  /** What the user does with this address, in the provider's own words. */
  help: string;
}

/** Values by key; secrets included, already decrypted. Types follow the setting's `type`. */
export type ChannelSettings = Record<string, unknown>;

export interface SettingField {
  key: string;
  label: string;
  help: string;
  type: "text" | "url" | "address-list" | "choice" | "boolean";
  required: boolean;
  /** Encrypted at rest, never shown again. */
  secret: boolean;
  /** Requests are proven with it: while it is being changed, what it was before is believed too. */
  proves?: true;
  example: string;
  placeholder?: string;
  choices?: string[];
  advanced?: boolean;
}

export interface SettingIssue {
  path: string;
  message: string;
}

/** A request as it came to the door, before anything believes it. */
export interface DoorRequest {
  kind: string;
  method: string;
  /** Our public address of this door with the query as received. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  rawBody: Buffer;
  /** The client's address: the socket's peer, or behind trusted proxies what they say. */
  clientAddress: string;
  receivedAt: Date;
}

export type Verdict =
  /** `once`: what no other request of this channel may carry again (nonces, the id of a token). */
  { genuine: true; once?: string[] } | { genuine: false; reason: string; log: string };

export interface ParseContext {
  settings: ChannelSettings;
  /** Number or short code the channel answers on. */
  address: string;
  /** ISO country that completes bare numbers, e.g. "US". */
  country: string;
}

export type Parsed =
  | { ok: true; arrivals: KeyedArrival[] }
  /** Genuine but not understood: kept aside, answered 200, replayable. */
  | { ok: false; reason: string };

export interface KeyedArrival {
  /** What makes this arrival the same as an earlier one, within the channel and whichever of its doors it comes to. */
  dedupeKey: string;
  arrival: Arrival;
}

export interface Acknowledgement {
  status: number;
  contentType: string;
  body: string;
}

export interface OutgoingText {
  /** Our id, `msg_…`; the idempotency key where the provider takes one. */
  id: string;
  to: string;
  from: string;
  text: string;
  /** Public addresses of files that go with it; the provider fetches them. */
  mediaUrls: string[];
}

/** A text as the provider's own list shows it. */
export interface FoundText {
  providerMessageId: string;
  /** What has become of it by now. */
  status: ReceiptArrival["status"];
  code: string | null;
  description: string | null;
}

export interface SendContext {
  settings: ChannelSettings;
  /** The channel's number or short code. */
  address: string;
  country: string;
  /** Our public address of one of the channel's doors: where receipts of this text shall go. */
  doorUrl(kind: string): string;
  /** Makes one call. `route` is method and path pattern: calls of one route are paced. */
  call(route: string, request: ProviderRequest): Promise<ProviderAnswer>;
  /** What the channel wants to remember for good, by key: contact ids, a mode that was refused. */
  memory: ChannelMemory;
}

export interface ChannelMemory {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  drop(key: string): Promise<void>;
}

/** Put `value` under `key`, but only when `key` is empty and `unlessKey` is not set. */
export interface MemoryFill {
  key: string;
  value: string;
  unlessKey: string;
}

export interface ProviderRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Whole call, ms. */
  timeoutMs: number;
}

/** An answer, or how far a call came without one. Never thrown. */
export type ProviderAnswer =
  | { ok: true; status: number; headers: Record<string, string>; body: string }
  /** `reached` false: the request surely did not arrive. True: it may have been processed. */
  | { ok: false; reached: boolean; code: string; text: string };

/** A channel as somebody set it up, joined with the code of its provider. */
export interface ActiveChannel {
  id: string;
  tenantId: string;
  provider: ChannelProvider;
  name: string;
  /** The number or short code it answers on. */
  address: string;
  country: string;
  settings: ChannelSettings;
  /** The settings with what proved requests before a change; requests are believed by it until then, ms. */
  before?: { settings: ChannelSettings; until: number };
  token: string;
  isDefault: boolean;
  /** Sends per second, overriding the provider's pace; null = the provider's own. */
  rate: number | null;
  /** The channel that takes over its texts while it is down. */
  fallbackId: string | null;
  /** Whom its texts come from, in words. */
  brand: string;
  tags: string[];
}
