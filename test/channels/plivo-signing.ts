import { createHmac } from "node:crypto";
import type { ChannelSettings } from "../../src/channels/types.ts";
import type { SignedParts } from "../conformance/fixture.ts";

/** Signatures as Plivo's own libraries make them. Version 2 says nothing of what is posted. */
export function signVersion2(
  { url }: SignedParts,
  settings: ChannelSettings,
  nonce: string,
): Record<string, string> {
  const { origin, pathname } = new URL(url);
  return {
    "X-Plivo-Signature-V2": mac(settings, `${origin}${pathname}${nonce}`),
    "X-Plivo-Signature-V2-Nonce": nonce,
  };
}

export function signVersion3(
  { url, body }: SignedParts,
  settings: ChannelSettings,
  nonce: string,
): Record<string, string> {
  const { origin, pathname, searchParams } = new URL(url);
  const query = pairs(searchParams, "=").join("&");
  const form = pairs(new URLSearchParams(body), "");
  const address = `${origin}${pathname}${query !== "" || form.length > 0 ? "?" : ""}${query}`;
  const signed = `${address}${query !== "" && form.length > 0 ? "." : ""}${form.join("")}.${nonce}`;
  return {
    "X-Plivo-Signature-V3": mac(settings, signed),
    "X-Plivo-Signature-V3-Nonce": nonce,
  };
}

function pairs(params: URLSearchParams, between: string): string[] {
  return [...new Set(params.keys())].sort().flatMap((key) =>
    params
      .getAll(key)
      .sort()
      .map((value) => key + between + value),
  );
}

function mac(settings: ChannelSettings, signed: string): string {
  return createHmac("sha256", String(settings.authToken)).update(signed).digest("base64");
}
