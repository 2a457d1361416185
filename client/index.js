export { createClient, idempotencyKey } from "./api.js";
export { SignalboxError, WebhookVerificationError } from "./errors.js";
export { verifySignature, verifyWebhook } from "./verify-webhook.js";
