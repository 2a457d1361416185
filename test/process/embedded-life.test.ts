import { spawn } from "node:child_process";
import { chown, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { cleanUp, isAlive, newFolder, signal, startHost, type Up, until } from "./hosts.ts";

afterEach(cleanUp);

const isRoot = process.getuid?.() === 0;

async function query<T extends pg.QueryResultRow>(up: Up, sql: string): Promise<T[]> {
  const client = new pg.Client(up.connection);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function mode(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test("first start makes a private, durable database; the second finds everything again", async () => {
  const dataDir = join(await newFolder(), "data");
  const first = startHost(dataDir);
  const made = await first.up();
  expect(made).toMatchObject({ created: true, adopted: false });
  await query(made, "create table kept (word text); insert into kept values ('here')");
  const settings = await query(
    made,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
            current_setting('full_page_writes') as pages, current_setting('data_checksums') as sums,
            current_setting('listen_addresses') as doors, current_setting('server_encoding') as encoding,
            (select datcollate || datlocprovider::text from pg_database where datname = 'signalbox') as sorting`,
  );
  expect(settings).toEqual([
    { fsync: "on", commit: "on", pages: "on", sums: "on", doors: "", encoding: "UTF8", sorting: "Cb" },
  ]);
  expect(await mode(join(dataDir, "postgres"))).toBe("700");
  expect(await mode(join(dataDir, "postgres-password"))).toBe("600");
  expect(await mode(made.connection.host)).toBe("700");
  await first.stop();
  await until(() => !isAlive(made.pid), "the server to end with the program");
  expect((await readdir(dataDir)).filter((name) => name.includes("draft"))).toEqual([]);

  const second = startHost(dataDir);
  const again = await second.up();
  expect(again).toMatchObject({ created: false, adopted: false, connection: made.connection });
  expect(await query(again, "select word from kept")).toEqual([{ word: "here" }]);
  await second.stop();
});

test("a wrong password does not get in", async () => {
  const host = startHost(await newFolder());
  const up = await host.up();
  const client = new pg.Client({ ...up.connection, password: "guess" });
  await expect(client.connect()).rejects.toMatchObject({ code: "28P01" });
  await host.stop();
});

test("a killed program leaves its database running; the next one takes it over and stops it", async () => {
  const dataDir = await newFolder();
  const killed = startHost(dataDir);
  const before = await killed.up();
  await query(before, "create table kept (word text); insert into kept values ('here')");
  await killed.kill();
  expect(isAlive(before.pid)).toBe(true);

  const next = startHost(dataDir);
  const after = await next.up();
  expect(after).toMatchObject({
    adopted: true,
    created: false,
    pid: before.pid,
    connection: before.connection,
  });
  expect(await query(after, "select word from kept")).toEqual([{ word: "here" }]);
  await next.stop();
  await until(() => !isAlive(before.pid), "the adopted server to end");
});

test("a database left behind that no longer answers is replaced", async () => {
  const dataDir = await newFolder();
  const killed = startHost(dataDir);
  const before = await killed.up();
  await killed.kill();
  signal(before.pid, "SIGSTOP");

  const next = startHost(dataDir);
  const after = await next.up();
  expect(after.adopted).toBe(false);
  expect(after.pid).not.toBe(before.pid);
  await next.stop();
});

test("a server that dies is started again under the program", async () => {
  const host = startHost(await newFolder());
  const up = await host.up();
  signal(up.pid, "SIGKILL");
  await host.logged("back again");
  const [row] = await query<{ pid: string }>(up, "select pg_read_file('postmaster.pid') as pid");
  const pid = Number(row?.pid.split("\n")[0]);
  expect(pid).not.toBe(up.pid);
  await host.stop();
  await until(() => !isAlive(pid), "the server to end with the program");
});

test("an ordinary user runs it as that user, past a pid file whose number another process has now", async () => {
  const folder = await newFolder();
  const dataDir = join(folder, "data");
  const user = isRoot ? 65_534 : (process.getuid?.() ?? 0);
  await mkdir(dataDir, { mode: 0o755 });
  if (isRoot) await chown(dataDir, user, user);
  const as = isRoot ? String(user) : "same";

  const host = startHost(dataDir, as);
  const up = await host.up();
  expect((await stat(join(dataDir, "postgres"))).uid).toBe(user);
  expect((await stat(`/proc/${up.pid}`).catch(() => ({ uid: user }))).uid).toBe(user);
  const pidFile = await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8");
  await host.stop();

  const other = spawn("/bin/cat", { stdio: ["pipe", "ignore", "ignore"], ...(isRoot ? { uid: user } : {}) });
  try {
    const stale = [String(other.pid), ...pidFile.split("\n").slice(1)].join("\n");
    await writeFile(join(dataDir, "postgres", "postmaster.pid"), stale);
    if (isRoot) {
      await chown(join(dataDir, "postgres", "postmaster.pid"), user, user);
    }
    const again = startHost(dataDir, as);
    expect(await again.up()).toMatchObject({ adopted: false, created: false });
    await again.stop();
    expect(isAlive(other.pid ?? 0)).toBe(true);
  } finally {
    other.kill();
  }
});
