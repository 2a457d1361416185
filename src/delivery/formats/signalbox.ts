import type { HookFormat } from "./types.ts";

/** Larger events are told by where they can be read. */
const MAX_BODY_BYTES = 256 * 1024;

/** Our own: the event as `GET /v1/events` shows it. */
export const format: HookFormat = {
  format: "signalbox",
  title: "Signalbox",
  help: "Every event, as it stands in the event list.",
  mac: false,
  isNative: true,
  isCautious: false,
  timeoutMs: 8_000,
  render({ id, type, timestamp, tenantId, data }, { publicUrl }) {
    const head = JSON.stringify({ id, type, timestamp, tenantId }).slice(0, -1);
    const body = `${head},"data":${data}}`;
    if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return { body };
    const thin = JSON.stringify({ truncated: true, url: `${publicUrl}/v1/events/${id}` });
    return { body: `${head},"data":${thin}}` };
  },
};
