import { createHash } from "node:crypto";

/** An inbound webhook exactly as Mobiniti documents it. */
export function inboundWebhook(over: {
  from: string;
  text: string;
  contactId?: string;
  receivedAt?: string;
}): Record<string, unknown> {
  const at = over.receivedAt ?? "2016-07-01T15:11:09.553Z";
  return {
    id: over.contactId ?? contactIdOf(over.from),
    first_name: null,
    last_name: null,
    email: null,
    short_code: "64600",
    phone_number: over.from,
    message: over.text,
    unsubscribed_at: null,
    created_at: at,
    updated_at: at,
    received_at: at,
  };
}

/** The id Mobiniti would have for this number: any UUID, always the same. */
export function contactIdOf(phone: string): string {
  const hex = createHash("sha256").update(phone).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function mobinitiChannel(apiUrl: string, over: Record<string, unknown> = {}): object {
  return {
    provider: "mobiniti",
    name: "Mobiniti",
    address: "64600",
    isDefault: true,
    settings: { accessToken: "test-token", allowedIps: "127.0.0.1, ::1", apiUrl },
    ...over,
  };
}

export async function post(url: string, body: unknown): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}
