import fc from "fast-check";
import { verifyWebhook } from "signalbox/client";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, test } from "vitest";
import { signStandard, standardHeaders } from "./signer.ts";

/** The libraries that receivers and senders elsewhere have, against ours. */
const LIBRARIES = [
  { name: "standardwebhooks", open: (secret: string) => new StandardWebhook(secret) },
  { name: "svix", open: (secret: string) => new SvixWebhook(secret) },
];

const secrets = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString("base64")}`);
const ids = fc.stringMatching(/^[a-zA-Z0-9_-]{1,60}$/);
const bodies = fc.json({ maxDepth: 3 });

describe.each(LIBRARIES)("$name", ({ open }) => {
  test("what it signs, we verify", () => {
    fc.assert(
      fc.property(secrets, ids, bodies, (secret, id, body) => {
        const at = new Date();
        const signature = open(secret).sign(id, at, body);
        const timestamp = String(Math.floor(at.getTime() / 1000));
        expect(verifyWebhook(body, standardHeaders({ id, timestamp }, signature), secret)).toEqual(
          JSON.parse(body),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("what we hold for signed, it verifies", () => {
    fc.assert(
      fc.property(secrets, secrets, ids, bodies, (secret, older, id, body) => {
        const timestamp = String(Math.floor(Date.now() / 1000));
        const signed = { id, timestamp, body };
        const list = [signStandard(secret, signed), signStandard(older, signed)].join(" ");
        const headers = standardHeaders(signed, list);
        for (const one of [secret, older]) {
          expect(verifyWebhook(body, headers, one)).toEqual(JSON.parse(body));
          // One of them answers nothing, so all that counts is whether it throws.
          expect(() => open(one).verify(body, headers)).not.toThrow();
          expect(() => open(one).verify(`${body} `, headers)).toThrow();
        }
      }),
      { numRuns: 50 },
    );
  });
});
