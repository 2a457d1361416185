import { expect, test } from "vitest";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";

/** The browser says where it is; from then on every page tells the time of the resort, wherever its reader is. */

test("the first owner is shown the browser's zone and keeps it; a reader elsewhere sees the same times", async () => {
  const portal = await openPortal();
  const first = await portal.stranger({ timezoneId: "Asia/Tokyo" });
  const page = await first.newPage();
  await page.goto(portal.program.app.setupUrl ?? "");
  const zone = page.getByRole("combobox", { name: "Time zone" });
  expect(await zone.inputValue()).toBe("Asia/Tokyo");
  await zone.fill("Asia/Kathmandu");
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.locator("input[name=password]").fill(OWNER.password);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: "Your first text" }).waitFor();

  await portal.program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "STATUS" });
  const elsewhere = await (await portal.owner({ timezoneId: "America/Denver" })).newPage();
  await elsewhere.goto("/commands");
  const shown = elsewhere.locator("main time").first();
  await shown.waitFor();
  const at = new Date((await shown.getAttribute("datetime")) ?? "");
  const clock = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kathmandu" } as const;
  expect(await shown.textContent()).toContain(at.toLocaleTimeString("en-US", clock));

  await elsewhere.goto("/settings");
  expect(await elsewhere.getByRole("combobox", { name: "Time zone" }).inputValue()).toBe("Asia/Kathmandu");
  await elsewhere.getByRole("combobox", { name: "Time zone" }).fill("Europe/Vienna");
  await elsewhere.getByRole("button", { name: "Save", exact: true }).click();
  await elsewhere.getByText("Saved.").first().waitFor();
  await elsewhere.goto("/commands");
  await shown.waitFor();
  const vienna = at.toLocaleTimeString("en-US", { ...clock, timeZone: "Europe/Vienna" });
  expect(await shown.textContent()).toContain(vienna);
  await portal.stop();
});

test("where nobody has chosen one, pages tell the reader's time and settings propose it", async () => {
  const portal = await openPortal();
  const page = await (await portal.owner({ timezoneId: "America/Denver" })).newPage();
  await page.goto("/settings");
  await page.getByText("Nobody has chosen one yet").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Use America/Denver" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").first().waitFor();
  await page.getByText("Nobody has chosen one yet").waitFor({ state: "detached" });
  expect((await portal.program.api("GET", "/v1/settings")).body.board.timeZone).toBe("America/Denver");
  await portal.stop();
});
