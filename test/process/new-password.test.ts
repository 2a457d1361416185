import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { readConfig } from "../../src/config.ts";
import { newPassword } from "../../src/new-password.ts";
import { startProgram } from "../support/program.ts";
import { createVisitor, PASSWORD, setUpOwner, totpOf } from "../support/visitor.ts";
import { cleanUp, newFolder, startHost } from "./hosts.ts";

afterEach(cleanUp);

function configFor(env: Record<string, string>): Config {
  const read = readConfig(env, "/");
  if (!read.ok) throw new Error(read.faults.join());
  return read.config;
}

test("the command lets a locked out only owner back in, without a second factor if wanted", async () => {
  const program = await startProgram();
  const config = configFor({
    DATABASE_URL: program.databaseUrl,
    DATA_DIR: await newFolder(),
    PUBLIC_URL: program.url,
  });
  expect(await newPassword(config, ["owner@example.com"])).toMatchObject({
    ok: false,
    lines: [expect.stringContaining("Nobody signs in yet")],
  });
  const owner = await setUpOwner(program);
  await owner
    .call("POST", "/portal/auth/two-factor/enable", { password: PASSWORD })
    .then(({ body }) =>
      owner.call("POST", "/portal/auth/two-factor/verify-totp", { code: totpOf(body.totpURI) }),
    );
  expect((await newPassword(config, [])).lines).toContain("  owner@example.com   (owner)");
  expect((await newPassword(config, ["nobody@example.com"])).lines[0]).toBe(
    "There is no nobody@example.com.",
  );

  const kept = await newPassword(config, ["Owner@Example.com"]);
  expect(kept).toMatchObject({ ok: true, lines: [expect.stringContaining("Olga Owner"), expect.anything()] });
  const { ok, lines } = await newPassword(config, ["owner@example.com", "--drop-two-factor"]);
  expect([ok, lines[2]]).toEqual([true, "Two-factor is off."]);
  const link = lines[1]?.trim() ?? "";
  expect(link).toContain(`${program.url}/new-password?token=`);

  const visitor = createVisitor(program.url);
  const token = new URL(link).searchParams.get("token");
  const password = "a new one for the owner";
  expect((await visitor.call("POST", "/portal/new-password", { token, password })).status).toBe(200);
  await visitor.call("POST", "/portal/auth/sign-in/email", { email: "owner@example.com", password });
  const { data } = (await visitor.call("GET", "/v1/audit?action=person.*")).body;
  expect(data.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(["person.password_reset", "person.two_factor_reset", "person.password_link_made"]),
  );
  await program.stop();
});

test("it finds the embedded database, whether the program runs or not, and makes none", async () => {
  const dataDir = join(await newFolder(), "data");
  const config = configFor({ DATA_DIR: dataDir });
  const nobodyYet = { ok: false, lines: [expect.stringContaining("Nobody signs in yet")] };
  expect((await newPassword(config, [])).lines).toEqual([expect.stringContaining("has not run here yet")]);
  const host = startHost(dataDir);
  await host.up();
  expect(await newPassword(config, [])).toEqual(nobodyYet);
  await host.stop();
  expect(await newPassword(config, [])).toEqual(nobodyYet);
  // It has given the database back.
  await startHost(dataDir).up();
});
