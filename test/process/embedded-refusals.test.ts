import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { serverAccount } from "../../src/store/embedded/account.ts";
import { packagedBinaries, reachableBinaries } from "../../src/store/embedded/binaries.ts";
import { preparePlaces } from "../../src/store/embedded/places.ts";
import { openServerLog } from "../../src/store/embedded/server-log.ts";
import { cleanUp, newFolder, startHost } from "./hosts.ts";

afterEach(cleanUp);

const isRoot = process.getuid?.() === 0;

test("a second program on the folder says so, names the first, and harms nothing", async () => {
  const dataDir = await newFolder();
  const first = startHost(dataDir);
  const up = await first.up();
  const second = await startHost(dataDir).failure();
  expect(second).toMatchObject({ code: "in_use" });
  expect(second.message).toContain(`process ${first.pid}`);
  expect(second.message).toContain(dataDir);
  expect(second.message).not.toContain("\n");
  await first.kill();
  const third = startHost(dataDir);
  expect(await third.up()).toMatchObject({ adopted: true, pid: up.pid });
  await third.stop();
});

test("of three programs that start at once on a fresh folder one wins", async () => {
  const dataDir = await newFolder();
  const hosts = [startHost(dataDir), startHost(dataDir), startHost(dataDir)];
  const lines = await Promise.all(hosts.map((host) => host.first));
  expect(lines.map((line) => line.event).sort()).toEqual(["failed", "failed", "up"]);
  for (const line of lines) if (line.event === "failed") expect(line).toMatchObject({ code: "in_use" });
  const winner = hosts[lines.findIndex((line) => line.event === "up")];
  await winner?.up();
  await winner?.stop();
});

test("a folder that cannot be had is named in one line", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  const failure = await startHost(join(folder, "file", "data")).failure();
  expect(failure.code).toBe("unusable_folder");
  expect(failure.message).toMatch(/^DATA_DIR cannot be used: .*file/);
  expect(failure.message).not.toContain("\n");
});

test("a database of another PostgreSQL is left alone", async () => {
  const dataDir = await newFolder();
  await mkdir(join(dataDir, "postgres"));
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "12\n");
  const failure = await startHost(dataDir).failure();
  expect(failure).toMatchObject({ code: "wrong_version" });
  expect(failure.message).toContain("PostgreSQL 12");
});

/** As root: below a folder closed to the server's account. As a user: below one closed to the user. */
test("below a closed folder it starts from inside, or says which folder is closed", async () => {
  const closed = join(await newFolder(), "closed");
  await mkdir(closed, { mode: 0o700 });
  const dataDir = join(closed, "data");
  if (!isRoot) {
    await mkdir(dataDir);
    await chmod(closed, 0o600);
    expect((await startHost(dataDir).failure()).code).toBe("unusable_folder");
    await chmod(closed, 0o700);
    return;
  }
  const refusal = await preparePlaces(dataDir, serverAccount(), false).catch((error: Error) => error.message);
  expect(refusal).toContain(`cannot pass through ${closed} `);
  expect(refusal).toContain("DATA_DIR=/var/lib/signalbox");
  if (process.platform !== "linux") return;
  const host = startHost(dataDir);
  const up = await host.up();
  expect(up.connection.host).not.toContain(closed);
  await host.stop();
  await expect(stat(up.connection.host)).rejects.toThrow();
});

test("programs that the server's account cannot reach are copied beside the data, once", async () => {
  const folder = await newFolder();
  const real = await packagedBinaries();
  const account = serverAccount();
  if (account === null) {
    expect(await reachableBinaries(real, folder, null)).toBe(real);
    return;
  }
  const closed = join(folder, "closed");
  await mkdir(join(closed, "native", "bin"), { recursive: true, mode: 0o700 });
  await mkdir(join(closed, "native", "lib"));
  await writeFile(join(closed, "native", "bin", "postgres"), "program");
  await writeFile(join(closed, "native", "lib", "libpq.so.5.18"), "library", { mode: 0o600 });
  await symlink("libpq.so.5.18", join(closed, "native", "lib", "libpq.so.5"));
  const root = join(closed, "native");
  const hidden = { ...real, root, postgres: join(root, "bin", "postgres") };
  const copy = await reachableBinaries(hidden, folder, account);
  expect(copy.root).toBe(join(folder, "postgres-bin", real.version));
  expect(await readFile(join(copy.root, "lib", "libpq.so.5"), "utf8")).toBe("library");
  expect((await stat(join(copy.root, "lib", "libpq.so.5"))).mode & 0o777).toBe(0o644);
  const madeAt = (await stat(copy.postgres)).ctimeMs;
  expect((await reachableBinaries(hidden, folder, account)).root).toBe(copy.root);
  expect((await stat(copy.postgres)).ctimeMs).toBe(madeAt);
});

test("a long server log moves aside at the start", async () => {
  const path = join(await newFolder(), "postgres.log");
  await writeFile(path, "x".repeat(1024 * 1024 + 1));
  await (await openServerLog(path)).close();
  expect((await stat(path)).size).toBe(0);
  expect((await stat(`${path}.1`)).size).toBe(1024 * 1024 + 1);
});
