import type { Reader } from "../../src/store/database.ts";

interface TableRow {
  name: string;
  options: string | null;
}

/** Tables, indexes and functions of the database as readable SQL, always in the same order. */
export async function describeSchema(reader: Reader): Promise<string> {
  const tables = await reader.run<TableRow>(
    "t-schema-tables",
    `select c.relname as name, array_to_string(c.reloptions, ', ') as options from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname`,
  );
  const columns = await reader.run<{ name: string; line: string }>(
    "t-schema-columns",
    `select c.relname as name, '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
       || case when a.attidentity = 'a' then ' generated always as identity' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       || case when a.attnotnull then ' not null' else '' end as line
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  );
  const constraints = await reader.run<{ name: string; line: string }>(
    "t-schema-constraints",
    `select c.relname as name, '  constraint ' || o.conname || ' ' || pg_get_constraintdef(o.oid) as line
     from pg_constraint o join pg_class c on c.oid = o.conrelid
     where c.relnamespace = 'public'::regnamespace and o.contype in ('p', 'f', 'u', 'c')
     order by c.relname, o.conname`,
  );
  const indexes = await reader.run<{ line: string }>(
    "t-schema-indexes",
    `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i
     join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace
       and not exists (select 1 from pg_constraint o where o.conindid = i.indexrelid)
     order by c.relname`,
  );
  const functions = await reader.run<{ line: string }>(
    "t-schema-functions",
    `select pg_get_functiondef(p.oid) || ';' as line from pg_proc p
     where p.pronamespace = 'public'::regnamespace order by p.proname`,
  );
  const bodyOf = Map.groupBy([...columns, ...constraints], (row) => row.name);
  const text = tables.map(({ name, options }) => {
    const lines = (bodyOf.get(name) ?? []).map((row) => row.line);
    return `create table ${name} (\n${lines.join(",\n")}\n)${options ? ` with (${options})` : ""};`;
  });
  return [
    "-- Made by test/docs.test.ts from the migrations; for reading.",
    ...text,
    indexes.map((row) => row.line).join("\n"),
    ...functions.map((row) => row.line),
  ]
    .join("\n\n")
    .concat("\n");
}
