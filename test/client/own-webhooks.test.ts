import { verifySignature } from "signalbox/client";
import { describe, expect, test } from "vitest";
import type { LiveSecret } from "../../src/delivery/hooks/signing.ts";
import { signatureHeaders } from "../../src/delivery/hooks/signing.ts";
import { OTHER_SECRET, PRIVATE_KEY, PUBLIC_KEY, SECRET } from "./vectors.ts";

/** What the program signs, the client verifies. */

const symmetric = (text: string): LiveSecret => ({ kind: "symmetric", text });
const ed25519: LiveSecret = { kind: "ed25519", text: PRIVATE_KEY };
const OWN_TEXT = "a secret of one's own";

interface Case {
  name: string;
  /** Newest first. */
  live: LiveSecret[];
  signing: "v1" | "v1a" | "both";
  mac: boolean;
  /** Each of them is enough for the receiver. */
  receivers: string[];
}

describe("verifies", () => {
  test.each<Case>([
    { name: "v1", live: [symmetric(SECRET)], signing: "v1", mac: false, receivers: [SECRET] },
    { name: "v1a", live: [ed25519], signing: "v1a", mac: false, receivers: [PUBLIC_KEY] },
    {
      name: "two secrets during a change",
      live: [symmetric(SECRET), symmetric(OTHER_SECRET)],
      signing: "v1",
      mac: true,
      receivers: [SECRET, OTHER_SECRET],
    },
    {
      name: "both versions during a change",
      live: [ed25519, symmetric(SECRET)],
      signing: "both",
      mac: false,
      receivers: [PUBLIC_KEY, SECRET],
    },
    {
      name: "a text of one's own",
      live: [symmetric(OWN_TEXT)],
      signing: "v1",
      mac: true,
      receivers: [OWN_TEXT],
    },
  ])("$name", ({ live, signing, mac, receivers }) => {
    const body = Buffer.from('{"type":"webhook.test"}');
    const seconds = Math.floor(Date.now() / 1000);
    const headers = signatureHeaders({ id: "evt_1", seconds, body }, live, signing, mac);
    for (const secret of receivers) {
      expect(() => verifySignature(body, headers, secret)).not.toThrow();
      expect(() => verifySignature(`${body} `, headers, secret)).toThrow("No signature fits");
    }
  });
});
