import { expect } from "vitest";
import type { ReceiptArrival } from "../../src/domain/arrival.ts";
import { fieldsOf, withText } from "../conformance/bodies.ts";
import type { RequestCase } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshId } from "../conformance/program-bench.ts";
import type { ProviderCall } from "../conformance/provider-server.ts";
import { textRequest } from "../conformance/requests.ts";
import type { Subject } from "../conformance/subject.ts";

/** Recorded requests and calls of a provider's table, told of other people, texts and ids. */

type Recorded = Pick<RequestCase, "name" | "contentType" | "body">;

/** The recorded text, as if `from` wrote `text` at `at`. */
export function inboundText(subject: Subject, from: string, text: string, at: Date): RequestCase {
  const { recorded, text: recordedText } = textRequest(subject);
  const [arrival] = Array.isArray(recorded.expect) ? recorded.expect : [];
  const time = arrival?.kind === "message" ? arrival.providerTime : null;
  let { body } = toldBy(recorded, from);
  body = swapped({ ...recorded, body }, recordedText, text);
  // Where texts have no ids, they are told apart by their time.
  if (time !== null) body = withText(recorded.contentType, body, time, at.toISOString()) ?? body;
  return { ...recorded, body };
}

/** A recorded request about a text, with another sender and an id of its own. */
export function toldBy(recorded: RequestCase, from: string): RequestCase {
  const arrivals = Array.isArray(recorded.expect) ? recorded.expect : [];
  const arrival = arrivals.find((one) => one.kind === "message");
  if (!arrival) throw new Error(`"${recorded.name}" is no text`);
  const body = swappedPhone(recorded, arrival.from, from);
  const id = arrival.providerMessageId;
  return { ...recorded, body: id === null ? body : swapped({ ...recorded, body }, id, freshId(id)) };
}

/** The first recorded receipt that says this, as if it were about the text `id` to `phone`; null = there is none. */
export function receiptOf(
  { fixture }: Subject,
  says: (receipt: ReceiptArrival) => boolean,
  id: string,
  phone: string,
): RequestCase | null {
  for (const recorded of fixture.requests) {
    const [only, ...more] = Array.isArray(recorded.expect) ? recorded.expect : [];
    if (only?.kind !== "receipt" || more.length > 0 || only.providerMessageId === null) continue;
    if (!says(only)) continue;
    let body = swapped(recorded, only.providerMessageId, id);
    if (only.phone !== null) body = swappedPhone({ ...recorded, body }, only.phone, phone);
    return { ...recorded, body };
  }
  return null;
}

/** Checks that a call is the one of the table, for this message. */
export function expectSend(
  { subject, doors }: LiveChannel,
  call: ProviderCall | undefined,
  message: { id: string; to: string; text: string },
): void {
  const { send } = subject.fixture;
  if (!send || !call) throw new Error("no call was made");
  const { text: recorded, request } = send;
  const { to, id, text } = message;
  const words = new Map([
    [recorded.text, text],
    [recorded.id, id],
    [recorded.to, to],
    [recorded.to.slice(1), to.slice(1)],
  ]);
  const told = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(told);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner)]));
    }
    if (typeof value !== "string") return value;
    const [, door, query = ""] = /^https:\/\/hub\.example\.com\/in\/token\/([^?]*)(.*)$/.exec(value) ?? [];
    return door === undefined
      ? (words.get(value) ?? value)
      : `${doors[door]}${query.replace(recorded.id, id)}`;
  };
  expect(call).toMatchObject({ method: request.method, path: request.path, headers: request.headers });
  expect(fieldsOf(request.encoding, call.body)).toEqual(told(request.body));
}

function swapped(recorded: Recorded, from: string, to: string): string {
  const body = withText(recorded.contentType, recorded.body, from, to);
  if (body === null) throw new Error(`"${from}" stands nowhere in the request "${recorded.name}"`);
  return body;
}

/** Numbers as the provider writes them: with or without their plus. */
function swappedPhone(recorded: Recorded, from: string, to: string): string {
  const body = withText(recorded.contentType, recorded.body, from, to);
  return body ?? swapped(recorded, from.slice(1), to.slice(1));
}
