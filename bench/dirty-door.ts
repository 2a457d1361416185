import { createHmac } from "node:crypto";
import type { Program } from "./program.ts";

/** Twilio's side of the door: signs requests as Twilio does, or does not. */
export interface DirtyDoor {
  /** Answers the HTTP status. */
  post(text: SignedText): Promise<number>;
}

export interface SignedText {
  from: string;
  text: string;
  sid: string;
  signature: "right" | "wrong" | "none";
}

const ADDRESS = "+15005550006";
const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

/** Adds a Twilio channel that sends to the fake, fast enough not to be paced. */
export async function openDirtyDoor(program: Program, fakePort: number): Promise<DirtyDoor> {
  const channel = await program.api<{ inboundUrl: string }>("POST", "/v1/channels", {
    provider: "twilio",
    name: "Dirty",
    address: ADDRESS,
    settings: {
      accountSid: "AC00000000000000000000000000000000",
      authToken: AUTH_TOKEN,
      apiUrl: `http://127.0.0.1:${fakePort}`,
    },
    rate: 20_000,
  });
  const target = new URL(new URL(channel.inboundUrl).pathname, program.url);
  return {
    async post({ from, text, sid, signature }) {
      const form = new URLSearchParams({
        Body: text,
        From: from,
        MessageSid: sid,
        NumMedia: "0",
        To: ADDRESS,
      });
      const token = signature === "right" ? AUTH_TOKEN : "another token";
      const signed = [...form].reduce((all, [name, value]) => all + name + value, channel.inboundUrl);
      const proof = createHmac("sha1", token).update(signed).digest("base64");
      const answer = await fetch(target, {
        method: "POST",
        headers: signature === "none" ? {} : { "x-twilio-signature": proof },
        body: form,
      });
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}
