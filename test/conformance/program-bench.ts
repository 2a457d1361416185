import { expect } from "vitest";
import type { ChannelSettings } from "../../src/channels/types.ts";
import type { Arrival } from "../../src/domain/arrival.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { until } from "../support/program.ts";
import { withText } from "./bodies.ts";
import type { ProviderReply, RequestCase } from "./fixture.ts";
import type { ProviderCall, ProviderServer } from "./provider-server.ts";
import { startProviderServer } from "./provider-server.ts";
import { signatureOf, textRequest } from "./requests.ts";
import type { Subject } from "./subject.ts";
import { settingsFor } from "./subject.ts";

/** One provider in the real program: a channel of its own, and its API played beside it. */
export interface LiveChannel {
  subject: Subject;
  id: string;
  /** Public address of each door. */
  doors: Record<string, string>;
  server: ProviderServer;
  /** Answers planned for texts to one number, by its last ten digits. */
  plans: Map<string, (call: ProviderCall) => ProviderReply | Promise<ProviderReply>>;
}

export interface KeptArrival {
  payload: Arrival | null;
  aside: string | null;
  deliveries: number;
}

/** No pace of the provider's own: what it is about here is not how fast. */
const RATE = 1_000;

let ids = 0;

/** The same id with another end, so that no two texts share one. */
export function freshId(id: string): string {
  ids += 1;
  return `${id.slice(0, -6)}${String(ids).padStart(6, "0")}`;
}

let numbers = 0;

/** Somebody who never wrote or got anything. */
export function freshPhone(): string {
  numbers += 1;
  return `+1415559${String(numbers).padStart(4, "0")}`;
}

/** The table's text as another one that was never sent. */
export function freshText({ subject }: LiveChannel): RequestCase {
  const { recorded, text, id } = textRequest(subject);
  const body = withText(recorded.contentType, recorded.body, text, freshId("open gate 000000")) ?? "";
  return { ...recorded, body: id === null ? body : body.replaceAll(id, freshId(id)) };
}

export async function openChannel(program: Program, subject: Subject): Promise<LiveChannel> {
  const server = await startProviderServer();
  const plans: LiveChannel["plans"] = new Map();
  const { accepted, outcome } = subject.fixture.send ?? {
    accepted: { status: 200, body: "" },
    outcome: null,
  };
  server.answer = (call) => {
    for (const [number, plan] of plans) {
      if (`${call.path} ${call.body}`.replace(/[^\w]/g, "").includes(number)) return plan(call);
    }
    // Replies the hub sends by itself: taken, under an id of their own.
    const id = outcome?.kind === "accepted" ? outcome.providerMessageId : null;
    return id === null ? accepted : { ...accepted, body: accepted.body.replaceAll(id, freshId(id)) };
  };
  const made = await program.api("POST", "/v1/channels", {
    provider: subject.provider.provider,
    name: subject.provider.title,
    address: subject.fixture.address,
    // We answer STOP here whoever else does: what follows from it is the same for all.
    settings: { ...settingsFor(subject, server.origin), consentAnswers: "signalbox" },
    rate: RATE,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { subject, id: made.body.id, doors: made.body.inboundUrls, server, plans };
}

export interface Posted {
  status: number;
  body: string;
}

/** Posts a request to its door, signed now unless `headers` says otherwise. */
export async function post(
  program: Program,
  live: LiveChannel,
  recorded: Pick<RequestCase, "door" | "contentType" | "query" | "body">,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const url = `${live.doors[recorded.door]}${recorded.query ?? ""}`;
  return send(
    program,
    url,
    {
      ...(recorded.contentType !== "" && { "content-type": recorded.contentType }),
      ...proofOf(program, live, recorded),
      ...headers,
    },
    recorded.body,
  );
}

/** The headers that prove this request at this moment. */
export function proofOf(
  program: Program,
  live: LiveChannel,
  recorded: Pick<RequestCase, "door" | "query" | "body">,
  settings?: ChannelSettings,
): Record<string, string> {
  const url = `${live.doors[recorded.door]}${recorded.query ?? ""}`;
  const at = new Date(Math.floor(program.clock.now() / 1_000) * 1_000);
  return signatureOf(live.subject, { method: "POST", url, body: recorded.body }, at, settings);
}

async function send(
  program: Program,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<Posted> {
  const address = url.replace(/^https?:\/\/[^/]+/, program.url);
  // As bytes: for a text, fetch adds a content type by itself.
  const answer = await fetch(address, { method: "POST", headers, body: Buffer.from(body) });
  return { status: answer.status, body: await answer.text() };
}

/** What the program kept of a channel's requests, oldest first. */
export function keptArrivals(program: Program, live: LiveChannel): Promise<KeptArrival[]> {
  return program.app.database.run<KeptArrival>(
    "conformance-arrivals",
    "select payload, aside, deliveries from arrivals where channel_id = $1 order by seq",
    [live.id],
  );
}

/** Waits until everything that came in was routed. */
export async function routed(program: Program): Promise<void> {
  await until("the inbox to be empty", async () => {
    const rows = await program.app.database.run<{ waiting: number }>(
      "conformance-inbox",
      "select count(*)::int as waiting from inbox",
    );
    return rows[0]?.waiting === 0;
  });
}

export async function metric(program: Program, name: string, live: LiveChannel, more = ""): Promise<number> {
  const text = await (await fetch(`${program.url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(`signalbox_${name}{`));
  const own = lines.filter((line) => line.includes(`channel="${live.id}"`) && line.includes(more));
  return own.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

export async function message(program: Program, id: string): Promise<ApiAnswer["body"]> {
  return (await program.api("GET", `/v1/messages/${id}`)).body;
}
