import { z } from "zod";
import type { ActiveChannel } from "../../channels/types.ts";
import type { PlainText } from "../../domain/sms-plain.ts";
import { plainText } from "../../domain/sms-plain.ts";
import { alphabetFor, forcedBy, MOST_SEGMENTS, measureText, unitsLeft } from "../../domain/sms-text.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { text } from "./shapes.ts";

/** What a text would be when it leaves, and what it costs in segments: the same code that sends it says so. */

/** Far more than may leave: an editor wants to know by how much a text is too long. */
const LONGEST_PREVIEW = 20_000;

export const Substitute = z
  .boolean({ error: "must be true or false" })
  .nullish()
  .describe(
    "Replace typographic characters that make a text cost double, but not in links or codes. `false` leaves the " +
      "text as it is; left out, the settings `texts` decide. Accents follow `texts.dropAccents`",
  );

const Question = z.object({
  text: text(LONGEST_PREVIEW).describe("May be empty"),
  channelId: z.string().max(100).nullish().describe("The channel it would leave by; else the default one"),
  substitute: Substitute,
});

const place = (what: string) =>
  z.number().describe(`Where ${what} in the answered \`text\`, in UTF-16 units from 0`);

const MessagePreview = z.object({
  text: z.string().describe("As it would be sent"),
  encoding: z.enum(["GSM-7", "UCS-2"]),
  segments: z.number(),
  units: z.number().describe("Septets (GSM-7) or UTF-16 units (UCS-2)"),
  unitsLeft: z.number().describe("What still fits into the last segment"),
  changed: z.array(
    z.object({
      at: place("`to` begins"),
      from: z.string(),
      to: z.string().describe("Empty: it was left out"),
    }),
  ),
  forcedBy: z
    .object({ character: z.string(), at: place("it is") })
    .nullable()
    .describe("The first character that makes the text UCS-2"),
  maxSegments: z.number(),
  tooLong: z.boolean(),
});
type MessagePreview = z.infer<typeof MessagePreview>;

/** `channelFor` answers the channel asked for or the default one, null when there is none at all. */
export function messagePreviewRoute(
  app: ApiApp,
  deps: ApiDeps,
  channelFor: (tenantId: string, wanted: string | null) => Promise<ActiveChannel | null>,
): void {
  app.post(
    "/v1/messages/preview",
    {
      schema: {
        tags: ["messages"],
        description: "What a text would be when it leaves, and its segments. Changes nothing.",
        body: Question,
        response: { 200: MessagePreview },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { text, channelId, substitute } = request.body;
      const channel = await channelFor(tenantId, channelId ?? null);
      return previewOf(await textToSend(deps, tenantId, text, substitute ?? null), channel);
    },
  );
}

function previewOf(plain: PlainText, channel: ActiveChannel | null): MessagePreview {
  const { text, changed } = plain;
  const maxSegments = mostSegments(channel);
  const alphabet = channel ? alphabetFor(channel.provider, channel.address) : undefined;
  const measure = measureText(text, alphabet);
  return {
    text,
    ...measure,
    unitsLeft: unitsLeft(text, alphabet),
    changed,
    forcedBy: forcedBy(text, alphabet),
    maxSegments,
    tooLong: measure.segments > maxSegments,
  };
}

/** The segments a text may have on this channel. */
export function mostSegments(channel: ActiveChannel | null): number {
  return Math.min(channel?.provider.maxSegments ?? MOST_SEGMENTS, MOST_SEGMENTS);
}

/**
 * The text as it leaves. `substitute` of the call goes before the setting: true adds the substitution to what
 * the settings say, false leaves the text as it is.
 */
export async function textToSend(
  deps: ApiDeps,
  tenantId: string,
  text: string,
  substitute: boolean | null,
): Promise<PlainText> {
  // Only characters outside GSM-7 ever give way: most texts need no look at the settings.
  if (substitute === false || measureText(text).encoding === "GSM-7") return { text, changed: [] };
  const settings = (await tenantById(deps.database, tenantId))?.settings.texts;
  return plainText(text, {
    substitute: substitute ?? settings?.substitute ?? false,
    dropAccents: settings?.dropAccents ?? false,
  });
}
