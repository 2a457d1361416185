// A receiver of Signalbox webhooks with nothing but Node.
//   SIGNALBOX_WEBHOOK_SECRET=whsec_... PORT=3000 node examples/plain-node.js
import { createServer } from "node:http";
import { verifyWebhook, WebhookVerificationError } from "signalbox/client";

const { PORT = "3000", HOST = "127.0.0.1", SIGNALBOX_WEBHOOK_SECRET: secret = "" } = process.env;
const MOST_BYTES = 1_048_576;
const WEEK_MS = 7 * 86_400_000;

/** Ids that were handled. A real program keeps them beside what it did, in the same transaction. */
const handled = new Map();

const server = createServer(async (request, response) => {
  const status = await receive(request).catch((error) => {
    console.error(error);
    return 500;
  });
  response.writeHead(status).end();
});

/** @param {import("node:http").IncomingMessage} request */
async function receive(request) {
  if (request.method !== "POST") return 405;
  const rawBody = await readBody(request);
  if (rawBody === null) return 413;
  try {
    const event = /** @type {{ type: string }} */ (verifyWebhook(rawBody, request.headers, secret));
    handleOnce(request.headers["webhook-id"], event);
    return 204;
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.error(`refused: ${error.code}`);
    return 401;
  }
}

/**
 * The bytes as they came; null when they are too many.
 *
 * @param {import("node:http").IncomingMessage} request
 */
async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return bytes <= MOST_BYTES ? Buffer.concat(chunks) : null;
}

/**
 * The same webhook may come several times: its id stays the same, for up to a week.
 *
 * @param {unknown} id
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
server.listen(Number(PORT), HOST, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://${HOST}:${address.port}`);
});
