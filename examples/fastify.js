// A receiver of Signalbox webhooks with Fastify.
//   SIGNALBOX_WEBHOOK_SECRET=whsec_... PORT=3000 node examples/fastify.js
import Fastify from "fastify";
import { verifyWebhook, WebhookVerificationError } from "signalbox/client";

const { PORT = "3000", HOST = "127.0.0.1", SIGNALBOX_WEBHOOK_SECRET: secret = "" } = process.env;
const WEEK_MS = 7 * 86_400_000;

/** Ids that were handled. A real program keeps them beside what it did, in the same transaction. */
const handled = new Map();

const app = Fastify();

// The bytes as they came, instead of parsed JSON. In a larger program: inside a plugin, for this route alone.
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

app.post("/", async (request, reply) => {
  try {
    const rawBody = /** @type {Buffer} */ (request.body);
    const event = /** @type {{ type: string }} */ (verifyWebhook(rawBody, request.headers, secret));
    handleOnce(request.headers["webhook-id"], event);
    return reply.code(204).send();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.error(`refused: ${error.code}`);
    return reply.code(401).send();
  }
});

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
console.log(`listening on ${await app.listen({ port: Number(PORT), host: HOST })}`);
