import { expect, test } from "vitest";
import { startProgram } from "../support/program.ts";
import { newId } from "../../src/domain/ids.ts";
test("perf", { timeout: 600_000 }, async () => {
  const program = await startProgram();
  const t = program.tenantId;
  const now = Date.now();
  const enc = newId("cmd", now).slice(4, 8);
  const db = program.app.database;
  await db.run("f0", `create function enc(ms bigint) returns text language sql as $$ select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', (((ms >> (5*i)) & 31)+1)::int, 1), '' order by i desc) from generate_series(0,9) i $$`);
  await db.run("f1", `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id, phone, reporter_id, reporter_name, text, outcome, meaning, changes, reply_message_id, reply_key, reply_text, trace)
   select $1, 'cmd_' || enc(ms) || lpad(n::text, 16, '0'), to_timestamp(ms/1000.0), to_timestamp(ms/1000.0), n, 'msg_i' || n, 'chn_' || (n % 5), '+14155550155', 'rep_' || (n % 100), 'Ana',
     'open lift number ' || n, case when n % 1000 = 0 then 'forbidden' else 'changed' end, '{"keyword":null,"parts":[{"text":"open lift number","verb":"open","hint":"lift","row":1,"items":["itm_1"]}]}', '[{"id":"chg_1","itemId":"itm_1","item":"Lift","kind":"lift","field":"status","from":"closed","to":"open","reverses":null}]',
     'msg_o' || n, 'done', 'Lift number is now open. Reply UNDO within 2 min to set it back.', '["a","b","c"]'
   from (select n, ($2::bigint - (1000000 - n) * 3000::bigint) as ms from generate_series(1,1000000) n) x`, [t, now]);
  await db.run("f2", `insert into board_changes (tenant_id, id, item_id, kind, field, old, new, by, command_id, at)
    select tenant_id, 'chg' || substr(id, 4), 'itm_' || (arrival_seq % 2000), case when arrival_seq % 2000 = 7 then 'rare' when arrival_seq % 3 = 0 then 'lift' else 'trail' end, 'status', 'closed', 'open', '{"kind":"reporter","id":"r","name":"Ana"}', id, received_at from commands where tenant_id = $1`, [t]);
  await db.run("f3", `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, segments, encoding, status, created_at, history)
    select tenant_id, reply_message_id, channel_id, 'out', 'a', 'b', phone, reply_text, 1, 'GSM-7', case when arrival_seq % 50000 = 0 then 'failed' else 'delivered' end, received_at, '[{"status":"queued","at":"2026-01-01T00:00:00Z"}]' from commands where tenant_id = $1`, [t]);
  await db.run("f4", `insert into events (tenant_id, id, type, at, data) select tenant_id, 'evt' || substr(id, 4), case when arrival_seq % 50000 = 0 then 'alert' else 'message.received' end, received_at, changes from commands where tenant_id = $1`, [t]);
  await db.run("f5", "analyze");
  const since = encodeURIComponent(new Date(now - 3600_000).toISOString());
  const old = encodeURIComponent(new Date(now - 30 * 86400_000).toISOString());
  for (const path of ["/v1/commands?limit=50", "/v1/commands?item=itm_7", "/v1/commands?item=itm_7&value=open&limit=100", "/v1/commands?kind=lift", "/v1/commands?kind=rare", "/v1/commands?kind=nothing", "/v1/commands?kind=lift&value=nothing", "/v1/commands?reporter=rep_5", "/v1/commands?outcome=forbidden", "/v1/commands?outcome=undone","/v1/commands?channel=chn_3", "/v1/commands?channel=chn_none", "/v1/commands?replyStatus=failed", "/v1/commands?replyStatus=expired", "/v1/commands?replyStatus=withheld", "/v1/commands?replyStatus=delivered", "/v1/commands?q=number+999", "/v1/commands?q=nowhere", `/v1/commands?since=${since}&q=nowhere`, `/v1/commands?until=${old}`, "/v1/board/changes", "/v1/board/changes?item=itm_7", "/v1/board/changes?field=nothing", "/v1/events", "/v1/events?type=message.*", "/v1/events?type=alert", "/v1/events?type=nothing"]) {
    const ms: number[] = [];
    let n = 0;
    for (let i = 0; i < 3; i++) {
      const s = performance.now();
      const { body, status } = await program.api("GET", path);
      expect(status).toBe(200);
      n = body.data.length;
      ms.push(Math.round(performance.now() - s));
    }
    console.log(path, n, ms.join(" "));
  }
  const s = performance.now();
  const a = await fetch(program.url + "/v1/commands.csv", { headers: { authorization: `Bearer ${program.apiKey}` } });
  let bytes = 0;
  for await (const c of a.body as unknown as AsyncIterable<Uint8Array>) bytes += c.length;
  console.log("csv", bytes, Math.round(performance.now() - s), enc, Math.round(process.memoryUsage().rss / 1e6));
  await program.stop();
});
