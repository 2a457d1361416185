import { z } from "zod";
import type { Actor } from "../../domain/board.ts";
import { HubError, notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import type { KeyRole } from "../../domain/roles.ts";
import type { RuleAction } from "../../domain/rule.ts";
import { audit } from "../../store/audit.ts";
import type { Reader, Tx } from "../../store/database.ts";
import type { RulePlace, StoredRule } from "../../store/rules.ts";
import {
  bumpRules,
  countRules,
  deleteRule,
  insertRule,
  knownRules,
  lastPriority,
  listRules,
  orderRules,
  replaceRule,
  ruleById,
  rulesWithPatterns,
  takerBefore,
} from "../../store/rules.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import { checkRule } from "./rule-check.ts";
import { dropActions, saveActions, signingEndpoints } from "./rule-endpoints.ts";
import { forViewers } from "./rule-for-viewers.ts";
import { faultOfPatterns } from "./rule-patterns.ts";
import type { RuleDraft } from "./rule-shape.ts";
import {
  MOST_PRIORITY,
  OrderedRules,
  RuleOrder,
  RuleTestView,
  RuleView,
  ruleBodies,
  SavedRule,
  SECRET_MASK,
} from "./rule-shape.ts";
import { given, IdParams, ListQuery, Phone, page, pageOf, readCursor, refuse, text } from "./shapes.ts";

const MOST_RULES = 10_000;
const PRIORITY_STEP = 10;

const TestRequest = z.object({
  from: Phone,
  to: Phone.optional().describe("The number of one of your channels; left out: the default channel"),
  text: text(10_000),
});

export function ruleRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;
  const { NewRule, RulePatch } = ruleBodies(deps.ruleActions);
  const one = { tags: ["rules"], params: IdParams };

  app.get(
    "/v1/rules",
    {
      schema: {
        tags: ["rules"],
        description: "In the order in which they are asked.",
        querystring: ListQuery,
        response: { 200: page(RuleView) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { role } = callerOf(request);
      const rows = await listRules(
        database,
        callerOf(request).tenantId,
        placeOf(readCursor(cursor)),
        limit + 1,
      );
      const view = await viewer(database, rows, role);
      return pageOf(
        rows,
        limit,
        ({ priority, id }) => `${priority} ${id}`,
        (row) => view(row),
      );
    },
  );

  app.post(
    "/v1/rules",
    { schema: { tags: ["rules"], body: NewRule, response: { 201: SavedRule } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const id = newId("rule");
      const saved = await database.transact(async (tx) => {
        await bumpRules(tx, tenantId);
        if ((await countRules(tx, tenantId)) >= MOST_RULES) {
          throw new HubError("conflict", `An account has at most ${MOST_RULES} rules.`);
        }
        // Behind a rule that has the last place of all, the younger one comes second.
        const last = Math.min((await lastPriority(tx, tenantId)) + PRIORITY_STEP, MOST_PRIORITY);
        const priority = request.body.priority ?? last;
        return save(tx, deps, { tenantId, actor, id, changed: null }, { ...request.body, priority });
      });
      return reply.code(201).send(saved);
    },
  );

  app.get("/v1/rules/:id", { schema: { ...one, response: { 200: RuleView } } }, async (request) => {
    const { tenantId, role } = callerOf(request);
    const rule = await load(database, tenantId, request.params.id);
    return (await viewer(database, [rule], role))(rule);
  });

  app.patch(
    "/v1/rules/:id",
    { schema: { ...one, body: RulePatch, response: { 200: SavedRule } } },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const saved = await database.transact(async (tx) => {
        await bumpRules(tx, tenantId);
        const before = await load(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(before));
        const change = given(request.body);
        const changed = Object.keys(change);
        return save(tx, deps, { tenantId, actor, id, changed }, { ...draftOf(before), ...change });
      });
      // What waits may have a better address now.
      deps.wakeHooks();
      return saved;
    },
  );

  app.delete("/v1/rules/:id", { schema: { ...one, response: { 204: z.null() } } }, async (request, reply) => {
    const { tenantId, actor } = callerOf(request);
    const { id } = request.params;
    await database.transact(async (tx) => {
      await bumpRules(tx, tenantId);
      const before = await load(tx, tenantId, id);
      await heedIfMatch(tx, request, editedOf(before));
      const { name } = before;
      await deleteRule(tx, tenantId, id);
      await dropActions(tx, tenantId, id);
      await audit(tx, { tenantId, actor, action: "rule.deleted", object: id, detail: { name } });
    });
    return reply.code(204).send(null);
  });

  app.post(
    "/v1/rules/order",
    {
      schema: {
        tags: ["rules"],
        description: "The rules named come first, in this order.",
        body: RuleOrder,
        response: { 200: OrderedRules },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { ids } = request.body;
      await database.transact(async (tx) => {
        await bumpRules(tx, tenantId);
        const known = await knownRules(tx, tenantId, ids);
        const seen = new Set<string>();
        const faults = ids.flatMap((id, index) => {
          if (!known.has(id)) return [{ path: `ids.${index}`, message: "there is no such rule" }];
          if (seen.has(id)) return [{ path: `ids.${index}`, message: "stands there twice" }];
          seen.add(id);
          return [];
        });
        refuse("validation_error", faults);
        await orderRules(tx, tenantId, ids);
        const detail = { ids: ids.slice(0, 100), count: ids.length };
        await audit(tx, { tenantId, actor, action: "rules.ordered", object: tenantId, detail });
      });
      return { data: ids.map((id, index) => ({ id, priority: (index + 1) * PRIORITY_STEP })) };
    },
  );

  app.post(
    "/v1/rules/test",
    {
      schema: {
        tags: ["rules"],
        description:
          "Which rule would take a text, what would be sent, and why no other rule does. Changes nothing.",
        body: TestRequest,
        response: { 200: RuleTestView },
      },
    },
    (request) => {
      const { to = null, ...rest } = request.body;
      return deps.testRules(database, { tenantId: callerOf(request).tenantId, to, ...rest });
    },
  );
}

async function refuseTooManyPatterns(tx: Tx, tenantId: string, id: string, draft: RuleDraft): Promise<void> {
  const { match, from } = draft;
  const path = match.type === "regex" ? "match.pattern" : from?.includes("/") ? "from" : null;
  if (path === null) return;
  const message = await faultOfPatterns([draft, ...(await rulesWithPatterns(tx, tenantId, id))]);
  if (message !== null) refuse("validation_error", [{ path, message }]);
}

interface Saving {
  tenantId: string;
  actor: Actor;
  id: string;
  /** What a change names; null = the rule is new. */
  changed: string[] | null;
}

async function save(
  tx: Tx,
  deps: ApiDeps,
  { tenantId, actor, id, changed }: Saving,
  draft: RuleDraft,
): Promise<z.input<typeof SavedRule>> {
  const tenant = await tenantById(tx, tenantId);
  if (!tenant) throw notFound("account");
  const { issues, warnings } = await checkRule(deps, tenantId, tenant.settings, draft);
  // What was good when it was saved does not keep a rule from being switched off.
  const counts = (path: string) => changed === null || changed.includes(path.split(".")[0] ?? "");
  refuse(
    "validation_error",
    issues.filter(({ path }) => counts(path)),
  );
  if (counts("match") || counts("from")) await refuseTooManyPatterns(tx, tenantId, id, draft);
  const { actions, secrets } = await saveActions(tx, deps, tenantId, id, draft.actions);
  const from = draft.from?.trim() ? draft.from.trim() : null;
  const rule = { ...draft, id, from, actions };
  await (changed === null ? insertRule : replaceRule)(tx, tenantId, rule);
  const action = changed === null ? "rule.created" : "rule.changed";
  await audit(tx, { tenantId, actor, action, object: id, detail: auditedOf(rule) });
  const taker = rule.enabled ? await takerBefore(tx, tenantId, rule) : null;
  if (taker !== null) warnings.push(`The rule "${taker}" comes before it and takes every text.`);
  const stored = await load(tx, tenantId, id);
  return { ...(await viewer(tx, [stored], "owner"))(stored, secrets), warnings };
}

/** What the log of changes keeps: addresses without their query, which may hold a key. */
function auditedOf({ actions, ...rule }: { actions: RuleAction[] } & Record<string, unknown>): object {
  const shown = actions.map(({ url, ...action }) => ({
    ...action,
    ...(url !== undefined && { url: withoutQuery(url) }),
  }));
  return { ...rule, actions: shown };
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}

function draftOf({ id: _i, createdAt: _c, updatedAt: _u, ...rule }: StoredRule): RuleDraft {
  return { ...rule, actions: rule.actions.map(({ endpointId: _e, ...action }) => action) };
}

function editedOf(rule: StoredRule) {
  return { object: rule.id, actions: "rule.", revision: revisionOf(rule), updatedAt: rule.updatedAt };
}

async function load(reader: Reader, tenantId: string, id: string): Promise<StoredRule> {
  const rule = await ruleById(reader, tenantId, id);
  if (!rule) throw notFound("rule");
  return rule;
}

function placeOf(cursor: string | null): RulePlace | null {
  const [, priority, id] = /^(\d{1,7}) (.+)$/s.exec(cursor ?? "") ?? [];
  return priority === undefined || id === undefined ? null : { priority: Number(priority), id };
}

type View = (rule: StoredRule, fresh?: Map<string, string | null>) => z.input<typeof RuleView>;

/** Views of these rules; `fresh` holds secrets that were just made and are shown this once. */
async function viewer(reader: Reader, rows: StoredRule[], role: KeyRole): Promise<View> {
  const signing = await signingEndpoints(
    reader,
    rows.flatMap((row) => row.actions),
  );
  const view: View = (stored, fresh) => {
    const { createdAt, updatedAt, actions, ...rule } = stored;
    return {
      ...rule,
      actions: actions.map((action) => {
        const { endpointId } = action;
        if (endpointId === undefined) return action;
        const secretSet = signing.has(endpointId);
        return { ...action, secret: fresh?.get(endpointId) ?? (secretSet ? SECRET_MASK : null), secretSet };
      }),
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      revision: revisionOf(stored),
    };
  };
  return role === "viewer" ? (rule) => forViewers(view(rule)) : view;
}
