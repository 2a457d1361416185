import { z } from "zod";
import type { ActionField, ActionSpec } from "../../domain/rule.ts";
import { DEFAULT_COOLDOWN, MATCH_TYPES, MOST_PATTERN } from "../../domain/rule.ts";
import { closed, name, Revision, Time, text, whole } from "./shapes.ts";

/** Rules as they are sent and answered. What an action holds follows from what its kind declares. */

export const SECRET_MASK = "••••";
const MOST_ACTIONS = 10;
export const MOST_PRIORITY = 1_000_000;
const ECHOED = ["id", "createdAt", "updatedAt", "revision", "warnings"];

const Match = closed({
  type: z.enum(MATCH_TYPES, { error: `must be one of ${MATCH_TYPES.join(", ")}` }),
  pattern: z
    .string()
    .max(MOST_PATTERN, { error: `must have at most ${MOST_PATTERN} characters`, abort: true })
    .pipe(text(MOST_PATTERN))
    .default("")
    .describe("Empty for `any`. Regular expressions are RE2 and ignore case"),
  wholeWord: z.boolean().default(false).describe("Of `contains`: only between edges of words"),
});

/** The values of one action, as they are sent. */
export type ActionBody = { type: string } & Record<string, string | undefined>;

function actionBody(specs: readonly ActionSpec[]): z.ZodType<ActionBody> {
  const shapes = specs.map((spec) =>
    closed(
      {
        type: z.literal(spec.type),
        ...(spec.fields.some(({ kind }) => kind === "url") && { endpointId: EndpointId }),
        ...Object.fromEntries(spec.fields.map((field) => [field.key, fieldBody(field)])),
      },
      ["endpointId", "secretSet"],
    ),
  );
  return z.discriminatedUnion("type", shapes as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>], {
    error: `must be one of ${specs.map((spec) => spec.type).join(", ")}`,
  }) as unknown as z.ZodType<ActionBody>;
}

const EndpointId = text(100)
  .optional()
  .describe("As it was answered: the endpoint takes the new address, with its secret and all that waits");

function fieldBody({ help, most, required, kind }: ActionField): z.ZodType {
  const body = z
    .string({ error: "must be a text" })
    .max(most, { error: `must have at most ${most} characters`, abort: true })
    .pipe(text(most))
    .refine((value) => value.trim() !== "", "must not be empty")
    .describe(help);
  if (kind === "secret") return body.nullish();
  return required ? body : body.optional();
}

export function ruleBodies(specs: readonly ActionSpec[]) {
  const fields = {
    name: name(),
    priority: whole(0, MOST_PRIORITY).describe("The lowest comes first; of two alike the older one"),
    enabled: z.boolean({ error: "must be true or false" }),
    match: Match,
    from: text(1000)
      .nullable()
      .describe("Digits = part of the number, `*` and `?`, `/regex/`; several with commas. null = everybody"),
    channelId: text(200).nullable().describe("Only texts to this channel; null = to any"),
    cooldownSeconds: whole(0, 30 * 86_400).describe(
      "One sender gets no second reply or mail within this time",
    ),
    shortCodes: z.boolean().describe("Short codes get replies and cause mails, too"),
    actions: z
      .array(actionBody(specs))
      .min(1, "must hold at least one action")
      .max(MOST_ACTIONS, `must hold at most ${MOST_ACTIONS} actions`),
  };
  const NewRule = closed(
    {
      ...fields,
      priority: fields.priority.optional(),
      enabled: fields.enabled.default(true),
      from: fields.from.default(null),
      channelId: fields.channelId.default(null),
      cooldownSeconds: fields.cooldownSeconds.default(DEFAULT_COOLDOWN),
      shortCodes: fields.shortCodes.default(false),
    },
    ECHOED,
  );
  return { NewRule, RulePatch: closed(z.object(fields).partial().shape, ECHOED) };
}

/** Everything of a rule that a person decides. */
export type RuleDraft = Omit<z.output<ReturnType<typeof ruleBodies>["NewRule"]>, "priority"> & {
  priority: number;
};

const ActionView = z.looseObject({
  type: z.string(),
  endpointId: z.string().optional().describe("Of actions that call an address: its endpoint"),
  secret: z.string().nullable().optional().describe("Shown in the answer that made it, then only as ••••"),
  secretSet: z.boolean().optional(),
});

export const RuleView = z.object({
  id: z.string(),
  name: z.string(),
  priority: z.number(),
  enabled: z.boolean(),
  match: z.object({ type: z.enum(MATCH_TYPES), pattern: z.string(), wholeWord: z.boolean() }),
  from: z.string().nullable(),
  channelId: z.string().nullable(),
  cooldownSeconds: z.number(),
  shortCodes: z.boolean(),
  actions: z.array(ActionView),
  createdAt: Time,
  updatedAt: Time,
  revision: Revision,
});

export const SavedRule = RuleView.extend({
  warnings: z.array(z.string()).describe("What is allowed but may not be meant"),
});

export const RuleOrder = closed({
  ids: z
    .array(text(200))
    .min(1, "must hold at least one id")
    .max(10_000)
    .describe("Get the priorities 10, 20 ...; all others follow behind them in their order"),
});

export const OrderedRules = z.object({ data: z.array(z.object({ id: z.string(), priority: z.number() })) });

const Named = { id: z.string(), name: z.string(), priority: z.number() };

export const RuleTestView = z.object({
  enabled: z.boolean().describe("The master switch"),
  takenBy: z
    .enum(["consent", "guard", "command", "keyword", "rule", "default", "nobody"])
    .describe("Who answers the text, in the order in which they are asked"),
  outcome: z.string(),
  matched: z
    .object(Named)
    .nullable()
    .describe("The first rule that fits, also where it does not come to its turn"),
  actions: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      segments: z.number().optional(),
      to: z.string().optional(),
      subject: z.string().optional(),
      body: z.string().optional(),
      url: z.string().optional(),
      withheld: z.string().nullable().describe("Why it would not leave; null = it would"),
    }),
  ),
  others: z
    .array(z.object({ ...Named, reason: z.string().describe("disabled, channel, from, pattern or later") }))
    .describe("The first hundred rules that do not take it, and why"),
  counts: z.record(z.string(), z.number()).describe("All of them by reason"),
  trace: z.array(z.string()),
});
