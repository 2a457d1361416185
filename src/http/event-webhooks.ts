import { z } from "zod";
import { EVENT_EXAMPLES } from "./event-examples.ts";
import type { EventType } from "./event-shapes.ts";
import { EVENT_SHAPES } from "./event-shapes.ts";

/** Every type of event as the API's document shows it: what an endpoint of the format `signalbox` is sent. */
export function eventWebhooks() {
  const types = Object.keys(EVENT_SHAPES) as EventType[];
  return Object.fromEntries(types.map((type) => [type, { post: operation(type) }]));
}

function operation(type: EventType) {
  const { when, data } = EVENT_EXAMPLES[type];
  return {
    tags: ["events"],
    description: when,
    security: [],
    requestBody: {
      required: true,
      content: { "application/json": { schema: schemaOf(type), example: { ...HEAD, type, data } } },
    },
    responses: { "200": { description: "Any 2xx; anything else is tried again" } },
  };
}

const HEAD = {
  id: "evt_01m7w9j5ak0000e8x1d6s3p7vq",
  type: "",
  timestamp: "2026-11-20T14:32:04.120Z",
  tenantId: "ten_01m7w99f0m0000y2g5c7r4k1bz",
};

/** As receivers should read it: keys may be added, so others than these are no fault. */
function schemaOf(type: EventType): object {
  const envelope = z.object({
    id: z.string(),
    type: z.literal(type),
    timestamp: z.string().describe("When it happened"),
    tenantId: z.string(),
    data: EVENT_SHAPES[type],
  });
  const { $schema: _, ...schema } = z.toJSONSchema(envelope, { io: "input" });
  return schema;
}
