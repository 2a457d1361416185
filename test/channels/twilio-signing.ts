import { createHmac } from "node:crypto";
import webhooks from "twilio/lib/webhooks/webhooks.js";
import type { ChannelSettings } from "../../src/channels/types.ts";
import type { SignedParts } from "../conformance/fixture.ts";

/** Twilio's own way: equal values of a repeated parameter count once. */
export function sign({ url, body }: SignedParts, settings: ChannelSettings): Record<string, string> {
  const fields = url.includes("bodySHA256=") ? new URLSearchParams() : new URLSearchParams(body);
  const keys = [...new Set(fields.keys())].sort();
  const values = (key: string) => [...new Set(fields.getAll(key))].sort().map((value) => key + value);
  const signed = url + keys.flatMap(values).join("");
  return {
    "X-Twilio-Signature": createHmac("sha1", String(settings.authToken)).update(signed).digest("base64"),
  };
}

/** A form's fields as Twilio's own library wants them. */
type Params = Record<string, string | string[]>;

function paramsOf({ url, body }: SignedParts): Params {
  const params: Params = {};
  if (url.includes("bodySHA256=")) return params;
  const fields = new URLSearchParams(body);
  for (const name of fields.keys()) {
    const values = fields.getAll(name);
    params[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return params;
}

export function signByLibrary(request: SignedParts, settings: ChannelSettings): Record<string, string> {
  const token = String(settings.authToken);
  return {
    "X-Twilio-Signature": webhooks.getExpectedTwilioSignature(token, request.url, paramsOf(request)),
  };
}

/** Whether the library believes it; a JSON body by the hash in its address. */
export function libraryBelieves(request: SignedParts, signature: string, settings: ChannelSettings): boolean {
  const token = String(settings.authToken);
  return request.url.includes("bodySHA256=")
    ? webhooks.validateRequestWithBody(token, signature, request.url, request.body)
    : webhooks.validateRequest(token, signature, request.url, paramsOf(request));
}

/** The address with the hash of a body that is no form. */
export function withBodyHash(url: string, body: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}bodySHA256=${webhooks.getExpectedBodyHash(body)}`;
}
