import { z } from "zod";
import { TEMPLATE_VARIABLES } from "../../domain/rule.ts";
import { alphabetFor, MOST_SEGMENTS, measureText } from "../../domain/sms-text.ts";
import { tenantById } from "../../store/tenants.ts";
import { loadTemplates } from "../../tools/templates.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { textToSend } from "./message-preview.ts";
import type { ApiApp } from "./routes.ts";
import type { Findings } from "./rule-check.ts";
import { checkTemplate } from "./rule-check.ts";
import { text } from "./shapes.ts";

/** What a form for rules needs to know: which actions there are, and what a template comes to. */

const LONGEST_TEMPLATE = 10_000;

const ActionKind = z.object({
  type: z.string(),
  title: z.string(),
  fields: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      help: z.string(),
      kind: z
        .enum(["template", "line", "addresses", "url", "secret"])
        .describe("template, line: Liquid; a line has no line breaks. secret: never answered again"),
      required: z.boolean(),
      most: z.number().describe("Characters at most"),
      isText: z.boolean().describe("It is sent by SMS: its segments count"),
      example: z.string(),
    }),
  ),
});

const Kinds = z.object({
  actions: z.array(ActionKind),
  variables: z.array(z.string()).describe("What templates may use; `contact` and `match` have parts"),
});

const Template = z.object({
  template: text(LONGEST_TEMPLATE),
  groups: z
    .boolean({ error: "must be true or false" })
    .default(false)
    .describe("The rule is a regular expression: {{match.1}} is filled in"),
});

const Shown = z.object({
  text: z.string().describe("With a sample text filled in"),
  fault: z.string().nullable().describe("Why the template is no good; null = it is"),
  warnings: z.array(z.string()),
  segments: z.number().describe("Of the sample, as it would be sent"),
  encoding: z.enum(["GSM-7", "UCS-2"]),
  maxSegments: z.number().describe("Longer replies are cut there"),
});

export function ruleFormRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/rules/actions",
    {
      schema: {
        tags: ["rules"],
        description:
          "Which actions a rule may have, with the fields of each, and the variables of templates.",
        response: { 200: Kinds },
      },
    },
    async () => ({
      actions: deps.ruleActions.map(({ type, title, fields }) => ({
        type,
        title,
        fields: fields.map((field) => ({ ...field, isText: field.isText === true })),
      })),
      variables: [...TEMPLATE_VARIABLES],
    }),
  );

  app.post(
    "/v1/rules/preview",
    {
      schema: {
        tags: ["rules"],
        description: "What a template of an action comes to, filled in with a sample. Changes nothing.",
        body: Template,
        response: { 200: Shown },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { template, groups } = request.body;
      const found: Findings = { issues: [], warnings: [] };
      await checkTemplate(found, "", template, groups ? Number.POSITIVE_INFINITY : null);
      const fault = found.issues[0]?.message ?? null;
      const filled = fault === null ? await fill(deps, tenantId, template) : template;
      const sent = await textToSend(deps, tenantId, filled, null);
      const channel = deps.channels.defaultOf(tenantId);
      const alphabet = channel ? alphabetFor(channel.provider, channel.address) : undefined;
      const { segments, encoding } = measureText(sent.text, alphabet);
      // The field is known to whoever asks.
      const warnings = found.warnings.map((warning) => warning.replace(/^: /, ""));
      return { text: filled, fault, warnings, segments, encoding, maxSegments: MOST_SEGMENTS };
    },
  );
}

async function fill(deps: ApiDeps, tenantId: string, template: string): Promise<string> {
  const tenant = await tenantById(deps.database, tenantId);
  return (await loadTemplates()).compile(template)({
    from: "14155550101",
    text: "Where is order 4821?",
    ref: "order-4821",
    now: new Date(deps.clock.now()).toISOString(),
    tenantName: tenant?.name ?? "",
    deviceId: deps.channels.defaultOf(tenantId)?.id ?? "chn_1",
    contact: { number: "+14155550101" },
    match: { 1: "4821" },
  });
}
