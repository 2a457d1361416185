import { createHash } from "node:crypto";
import { channel } from "../../src/channels/mobiniti.ts";
import type { Arrival } from "../../src/domain/arrival.ts";
import { doorRequest, parseContext } from "./harness.ts";

/** Mobiniti's payloads with the sample values it documents, and what they are read as. */
export const ID = "f82e541a-a4b1-11e8-a85f-127fd0971098";
export const TIME = "2016-07-01T15:11:09.553Z";
export const settings = { accessToken: "token", allowedIps: ["192.0.2.1"] };

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export const inbound = {
  id: ID,
  first_name: null,
  last_name: null,
  email: null,
  short_code: "64600",
  phone_number: "+19999999999",
  message: "This is an example message",
  unsubscribed_at: null,
  created_at: TIME,
  updated_at: TIME,
  received_at: TIME,
};
export const message: Arrival = {
  kind: "message",
  providerMessageId: null,
  from: "+19999999999",
  to: "64600",
  text: "This is an example message",
  media: [],
  providerTime: TIME,
  providerContactId: ID,
};
export const contact = {
  id: ID,
  first_name: null,
  last_name: null,
  email: null,
  phone_number: "+19999999999",
};
export const times = { created_at: TIME, updated_at: TIME };
export const report = {
  total_messages: 1,
  statuses: [
    {
      code: "100",
      status: "The message delivered successfully.",
      count: 1,
      recipients: ["19999999999"],
      success: true,
      bounce: false,
    },
  ],
  messages: [
    {
      id: "a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148",
      from: "+15555555555",
      message: "This is an example message",
      phone_number: "9999999999",
      metadata: [],
    },
  ],
};
export const delivered: Arrival = {
  kind: "receipt",
  providerMessageId: "a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148",
  phone: "+19999999999",
  text: "This is an example message",
  status: "delivered",
  code: "100",
  description: "The message delivered successfully.",
  bounce: false,
};

/** As printed by Mobiniti: a comma after the last field. */
export function printed(value: object): string {
  return JSON.stringify(value, null, 2).replace(/\n}$/, ",\n}");
}

export function arrivals(
  kind: string,
  body: unknown,
  country = "US",
): { dedupeKey: string; arrival: Arrival }[] {
  const parsed = channel.parse(doorRequest(kind, body), parseContext({ country }));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.arrivals;
}

export function only(kind: string, body: unknown): { dedupeKey: string; arrival: Arrival } {
  const [first, ...more] = arrivals(kind, body);
  if (!first || more.length > 0) throw new Error("not exactly one arrival");
  return first;
}
