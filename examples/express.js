// A receiver of Signalbox webhooks with Express.
//   SIGNALBOX_WEBHOOK_SECRET=whsec_... PORT=3000 node examples/express.js
import express from "express";
import { verifyWebhook, WebhookVerificationError } from "signalbox/client";

const { PORT = "3000", HOST = "127.0.0.1", SIGNALBOX_WEBHOOK_SECRET: secret = "" } = process.env;
const WEEK_MS = 7 * 86_400_000;

/** Ids that were handled. A real program keeps them beside what it did, in the same transaction. */
const handled = new Map();

const app = express();

// The bytes as they came: express.json() would take them away.
app.post("/", express.raw({ type: () => true, limit: "1mb" }), (request, response) => {
  try {
    const event = /** @type {{ type: string }} */ (verifyWebhook(request.body, request.headers, secret));
    handleOnce(request.get("webhook-id"), event);
    response.sendStatus(204);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.error(`refused: ${error.code}`);
    response.sendStatus(401);
  }
});

/**
 * The same webhook may come several times: its id stays the same, for up to a week.
 *
 * @param {string | undefined} id
 * @param {{ type: string }} event
 */
function handleOnce(id, event) {
  if (handled.has(id)) return;
  console.log(`handled ${event.type}`);
  if (id === undefined) return;
  handled.set(id, Date.now());
  for (const [old, at] of handled) {
    if (at > Date.now() - WEEK_MS) break;
    handled.delete(old);
  }
}

if (secret === "") throw new Error("SIGNALBOX_WEBHOOK_SECRET is missing");
const server = app.listen(Number(PORT), HOST, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://${HOST}:${address.port}`);
});
