import { expect, test } from "vitest";
import { startProgram } from "../support/program.ts";
import { createVisitor, PASSWORD, setUpOwner, setupToken } from "../support/visitor.ts";

const owner = { name: "Olga Owner", email: "olga@example.com", password: PASSWORD };

test.each(["Europe/Vienna", "UTC"])("the first owner chooses %s, and it stays chosen", async (timeZone) => {
  const program = await startProgram();
  const visitor = createVisitor(program.url);
  const token = setupToken(program);
  const made = (body: object) => visitor.call("POST", "/portal/setup", { ...owner, token, ...body });
  expect((await made({ timeZone: "Mars/Olympus" })).body.issues[0].path).toBe("timeZone");
  expect((await made({ timeZone, workspace: "Alpine Club" })).status).toBe(201);
  const zones = async () => {
    const { body: me } = await visitor.call("GET", "/v1/me");
    const { body: settings } = await visitor.call("GET", "/v1/settings");
    return [me.tenant.timeZone, settings.board.timeZone];
  };
  expect(await zones()).toEqual([timeZone, timeZone]);
  // The rest of the settings is as it was made, and saving something else forgets nothing.
  await visitor.call("PATCH", "/v1/settings", { board: { contact: "the office" } });
  expect(await zones()).toEqual([timeZone, timeZone]);
  expect((await visitor.call("GET", "/v1/settings")).body.board).toMatchObject({
    name: "Alpine Club",
    contact: "the office",
  });
  await visitor.call("PATCH", "/v1/settings", { board: { timeZone: "Asia/Tokyo" } });
  expect(await zones()).toEqual(["Asia/Tokyo", "Asia/Tokyo"]);
  await program.stop();
});

test("where nobody has chosen one the pages can tell, whatever else is saved", async () => {
  const program = await startProgram();
  const visitor = await setUpOwner(program);
  const saved = await visitor.call("PATCH", "/v1/settings", { board: { contact: "the office" } });
  expect(saved.body.board.timeZone).toBe("UTC");
  expect((await visitor.call("GET", "/v1/me")).body.tenant.timeZone).toBeNull();
  await visitor.call("PATCH", "/v1/settings", { board: { timeZone: "UTC" } });
  expect((await visitor.call("GET", "/v1/me")).body.tenant.timeZone).toBe("UTC");
  await program.stop();
});
