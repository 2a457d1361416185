// The check that receivers of Mobile API Connect webhooks have: X-MAC-Signature over the raw body, without any library
// of ours. Receivers like this one go on working. It cannot tell an old request from a new one: for that there are the
// webhook-* headers, see express.js.
//   SIGNALBOX_WEBHOOK_SECRET=whsec_... PORT=3000 node examples/guide-verify.js
import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const { PORT = "3000", HOST = "127.0.0.1", SIGNALBOX_WEBHOOK_SECRET: secret = "" } = process.env;

const app = express();

app.post("/", express.raw({ type: "application/json", limit: "1mb" }), (request, response) => {
  const isRight = Buffer.isBuffer(request.body) && isSigned(request.body, request.get("X-MAC-Signature"));
  if (!isRight) {
    response.sendStatus(401);
    return;
  }
  console.log(`handled ${JSON.parse(request.body.toString()).event}`);
  response.sendStatus(204);
});

/**
 * The key is the whole secret, with its `whsec_`; the signature is what stands after the last `=`.
 *
 * @param {Buffer} rawBody
 * @param {string | undefined} header
 */
function isSigned(rawBody, header = "") {
  const given = Buffer.from(header.split("=").pop() ?? "");
  const expected = Buffer.from(createHmac("sha256", secret).update(rawBody).digest("hex"));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

if (secret === "") throw new Error("SIGNALBOX_WEBHOOK_SECRET is missing");
const server = app.listen(Number(PORT), HOST, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://${HOST}:${address.port}`);
});
