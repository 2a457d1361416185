import type { ChannelSettings, OutgoingText } from "../../src/channels/types.ts";
import type { Arrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { Outcome } from "../../src/domain/outcome.ts";

/**
 * What the conformance suite must know of a provider: recorded requests and answers. Each provider
 * `src/channels/<name>.ts` has its table `test/channels/<name>.ts`, which exports `fixture`. The suite adds all
 * cases that hold for every provider by itself (see suite.ts), so a table holds facts and no tests.
 */
export interface ChannelFixture {
  /**
   * Complete and valid; every secret has a value that occurs nowhere else, of at least 8 characters. `apiUrl` is
   * put in by the suite: its recording server, with the path of the setting's example. Requests come from
   * 127.0.0.1, so a provider that is proven by address allows it.
   */
  settings: ChannelSettings;
  /** The number or short code the channel answers on. */
  address: string;
  country: string;
  /** When the recorded requests came, so that time windows fit. */
  now: Date;
  /** Null: genuine by address or by nothing (simulator). */
  signing: Signing | null;
  /** Texts and events that come in. At least: a text, an emoji, an empty text, an unknown field, an unknown event. */
  requests: RequestCase[];
  /** Requests that are one and the same arrival when they are delivered again later (names of `requests`). */
  repeats: string[];
  /** True where the signature is part of the key: what is delivered again as it was is a repeat, re-signed it is not. */
  repeatsBySignature?: boolean;
  /** Pairs that look alike and are two: the same text a minute later. */
  distinct: [string, string][];
  /** How a text leaves: the exact call, and the answer that accepts it. */
  send: SendFixture | null;
}

export interface Signing {
  /** Headers that prove this request, made with the provider's own algorithm and the settings given; the url is absolute. */
  sign(request: SignedParts, settings: ChannelSettings, at: Date): Record<string, string>;
  /** For schemes with nonces: signs with this nonce, which counts once; `sign` takes a new one each time. */
  once?: OnceScheme[];
  /** Other values of what proves requests, with which `sign` signs too; left out: each has a letter changed. */
  secondProof?: ChannelSettings;
  /** Names of the headers that must not be missing. */
  headers: string[];
  /** Seconds a timestamp may be off, both ways; null = the scheme has no timestamp. */
  windowSeconds: number | null;
  /** Whether the signature covers the body, and the address. */
  covers: ("body" | "url")[];
  /** Published by the vendor: genuine as they stand. */
  vectors: Vector[];
  /** The same headers made by the vendor's own library, where it is a development dependency. */
  library?(request: SignedParts, settings: ChannelSettings, at: Date): Record<string, string>;
}

export interface OnceScheme {
  name: string;
  sign(request: SignedParts, settings: ChannelSettings, at: Date, nonce: string): Record<string, string>;
}

export interface SignedParts {
  method: "GET" | "POST";
  url: string;
  body: string;
}

export interface Vector extends SignedParts {
  name: string;
  headers: Record<string, string>;
  settings: ChannelSettings;
  /** The clock at which it is genuine. */
  at: Date;
}

export interface RequestCase {
  name: string;
  door: string;
  contentType: string;
  /** Query with the question mark, where the provider sends one. */
  query?: string;
  body: string;
  /** Exactly these arrivals; `unreadable` = genuine, and set aside with this in its reason. */
  expect: Arrival[] | { unreadable: string };
}

export interface SendFixture {
  text: OutgoingText;
  /** The call that must be made, with headers by lower-case name; a body is compared parsed. */
  request: {
    method: string;
    /** As it stands in the request line: with the API's base path, and the query. */
    path: string;
    headers: Record<string, string>;
    body: Record<string, unknown> | null;
    /** How the body travels. */
    encoding: "json" | "form" | "none";
  };
  /** Where the provider sends media: the call when `text` goes with these files, else as `request`. */
  media?: { urls: string[]; body: Record<string, unknown> };
  accepted: ProviderReply;
  outcome: Outcome;
  /** Every row of the provider's error list: what comes back, and what it means. */
  refusals: { name: string; reply: ProviderReply; outcome: Partial<Outcome> & { kind: Outcome["kind"] } }[];
  /** A read of the account that `probe` makes; left out: it is only tested for what may fail. */
  probe?: { method: string; path: string; accepted: ProviderReply };
  /** For providers that are asked for the state of a text. */
  polls?: { name: string; path: string; reply: ProviderReply; expect: ReceiptArrival | null }[];
  /** What a time-out or reset after the body was sent means; `retry` where the provider takes an idempotency key. */
  afterBodyLost: "uncertain" | "unreachable";
}

export interface ProviderReply {
  status: number;
  headers?: Record<string, string>;
  body: string;
}
