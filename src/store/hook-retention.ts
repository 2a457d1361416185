/** What webhooks leave behind, and how long it is kept. */

const KEPT_DAYS = 30;
/** Bodies and answers of ended deliveries are of use for a week; older ones are looked for this many days back. */
const EXCERPT_DAYS = 7;
const LOOK_BACK_DAYS = 4;

const DAYS = (most: number) => `least(${most}, (t.settings->'retention'->>'redactAfterDays')::int)`;

/** Statements that delete or empty at most `step` rows each, by name. */
export function hookRetention(step: number): [name: string, statement: string][] {
  return [
    [
      "retention-hook-queue",
      `delete from hook_queue where ctid = any (array(
         select q.ctid from hook_queue q join tenants t on t.id = q.tenant_id
         where q.created_at < now() - ${DAYS(KEPT_DAYS)} * interval '1 day' limit ${step}))`,
    ],
    [
      "retention-deliveries",
      `delete from deliveries where ctid = any (array(
         select d.ctid from tenants t cross join lateral (
           select ctid, id from deliveries d where d.tenant_id = t.id
             and d.id < 'dlv_' || id_time(now() - ${DAYS(KEPT_DAYS)} * interval '1 day')
           order by d.id limit ${step}) d
         limit ${step}))`,
    ],
    [
      "retention-delivery-excerpts",
      `update deliveries set body = null,
         attempts = (select coalesce(jsonb_agg(a - 'request' - 'response'), '[]') from jsonb_array_elements(attempts) a)
       where ctid = any (array(
         select d.ctid from tenants t cross join lateral (
           select ctid, id from deliveries d where d.tenant_id = t.id and d.state <> 'open'
             and d.id >= 'dlv_' || id_time(now() - (${DAYS(EXCERPT_DAYS)} + ${LOOK_BACK_DAYS}) * interval '1 day')
             and d.id < 'dlv_' || id_time(now() - ${DAYS(EXCERPT_DAYS)} * interval '1 day')
             and (d.body is not null or d.attempts @? '$[*].response')
           order by d.id limit ${step}) d
         limit ${step}))`,
    ],
    [
      "retention-replays",
      `delete from replays where ctid = any (array(
         select ctid from replays where created_at < now() - interval '${KEPT_DAYS} days' limit ${step}))`,
    ],
  ];
}
