import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

/** Two people have the same form open. Nobody loses what the other one saved without being told. */

let portal: Portal;
let page: Page;
let other: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner({ reducedMotion: "reduce" })).newPage();
  other = await (await portal.member("admin", { reducedMotion: "reduce" })).newPage();
});
afterAll(() => portal.stop());

const api = (method: string, path: string, body?: object) => portal.program.api(method, path, body);

async function newRule(name: string): Promise<string> {
  const match = { type: "contains", pattern: name };
  const { body } = await api("POST", "/v1/rules", {
    name,
    match,
    actions: [{ type: "reply", text: "Yes." }],
  });
  return `/rules/${body.id}`;
}

/** Both have the rule before them; the other one saves first. */
async function raceFor(path: string, theirs: string, mine: string): Promise<void> {
  for (const one of [page, other]) {
    await one.goto(path);
    await one.getByRole("textbox", { name: "Name" }).waitFor();
  }
  await page.getByRole("textbox", { name: "Name" }).fill(mine);
  await other.getByRole("textbox", { name: "Name" }).fill(theirs);
  await other.getByRole("button", { name: "Save the rule" }).click();
  await other.getByRole("heading", { name: "Rules", exact: true }).waitFor();
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByText("Changed meanwhile").waitFor();
}

test("of a rule the second one is told who changed what, and takes theirs", async () => {
  const path = await newRule("Balance");
  await raceFor(path, "Balance of theirs", "Balance of mine");
  await page.getByText("The admin changed this").waitFor();
  await page.getByText("theirs “Balance of theirs”, yours “Balance of mine”").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect((await api("GET", `/v1${path}`)).body.name).toBe("Balance of theirs");
  await page.getByRole("button", { name: "Load theirs" }).click();
  expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Balance of theirs");
  expect(await page.getByText("Changed meanwhile").count()).toBe(0);
  await page.getByRole("textbox", { name: "Name" }).fill("Balance of both");
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByRole("link", { name: "Balance of both" }).waitFor();
});

test("or saves over it, once they know", async () => {
  const path = await newRule("Order");
  await raceFor(path, "Order of theirs", "Order of mine");
  await page.getByRole("button", { name: "Save mine anyway" }).click();
  await page.getByRole("link", { name: "Order of mine" }).waitFor();
  expect((await api("GET", `/v1${path}`)).body.name).toBe("Order of mine");
});

test("a lift that opens while somebody gives it a name is no conflict", async () => {
  const { body } = await api("POST", "/v1/board/items", { kind: "lift", name: "Alp Express" });
  await page.goto("/status-board");
  await page.getByRole("button", { name: "Edit Alp Express" }).click();
  await page.getByLabel("Area").fill("North");
  await api("PATCH", `/v1/board/items/${body.id}`, { fields: { status: "open" } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Alp Express is saved.").waitFor();
  expect((await api("GET", `/v1/board/items/${body.id}`)).body).toMatchObject({
    area: "North",
    fields: { status: "open" },
  });
});

test("of settings only the same one clashes", async () => {
  await page.goto("/settings");
  await page.getByLabel("Whom to ask").fill("my office");
  await api("PATCH", "/v1/settings", { board: { statusFooter: "Sunny" } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").first().waitFor();
  expect((await api("GET", "/v1/settings")).body.board).toMatchObject({
    contact: "my office",
    statusFooter: "Sunny",
  });

  await page.goto("/settings");
  await page.getByLabel("Whom to ask").fill("my office again");
  await api("PATCH", "/v1/settings", { board: { contact: "their office" } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("theirs “their office”, yours “my office again”").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Load theirs" }).click();
  await page.getByText("Changed meanwhile").waitFor({ state: "detached" });
  expect(await page.getByLabel("Whom to ask").inputValue()).toBe("their office");
});

test("of the default reply as well, which stands on the page of the rules", async () => {
  await page.goto("/rules");
  await page.getByRole("button", { name: "Write one" }).click();
  await page.getByRole("textbox", { name: "Default reply" }).fill("We are asleep.");
  await api("PATCH", "/v1/settings", { rules: { defaultReply: "We are out." } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("theirs “We are out.”, yours “We are asleep.”").waitFor();
  await page.getByRole("button", { name: "Save mine anyway" }).click();
  await page.getByText("The default reply is saved.").waitFor();
  expect((await api("GET", "/v1/settings")).body.rules.defaultReply).toBe("We are asleep.");
});

interface Form {
  make: () => Promise<{ open: () => Promise<void>; path: string }>;
  label: string;
  field: string;
  method?: string;
}

const at = (path: string) => async () => void (await page.goto(path));

const FORMS: Record<string, Form> = {
  "a webhook endpoint": {
    label: "Address",
    field: "url",
    make: async () => {
      const { body } = await api("POST", "/v1/endpoints", { url: "https://example.com/a" });
      return { path: `/v1/endpoints/${body.id}`, open: at(`/webhooks/${body.id}`) };
    },
  },
  "an integration": {
    label: "Name",
    field: "name",
    method: "PUT",
    make: async () => {
      const { body } = await api("POST", "/v1/ingress", { name: "https://orders" });
      return { path: `/v1/ingress/${body.id}`, open: at(`/integrations/${body.id}`) };
    },
  },
  "a channel": {
    label: "Name",
    field: "name",
    make: async () => {
      const address = "+14155550190";
      const { body } = await api("POST", "/v1/channels", { provider: "simulator", name: "Second", address });
      return { path: `/v1/channels/${body.id}`, open: at(`/channels/${body.id}`) };
    },
  },
  "a reporter": {
    label: "Name",
    field: "name",
    make: async () => {
      const { body } = await api("POST", "/v1/reporters", { name: "Rita", phones: ["+14155550166"] });
      return {
        path: `/v1/reporters/${body.id}`,
        open: async () => {
          await page.goto("/reporters");
          await page.getByRole("button", { name: "Edit Rita" }).click();
        },
      };
    },
  },
};

test.each(Object.entries(FORMS))("the form of %s tells, and saves over", async (_name, form) => {
  const { open, path } = await form.make();
  await open();
  const field = page.getByRole("textbox", { name: new RegExp(`^${form.label}`) }).first();
  await field.fill("https://example.com/mine");
  await api(form.method ?? "PATCH", path, { [form.field]: "https://example.com/theirs" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("theirs “https://example.com/theirs”").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Save mine anyway" }).click();
  await page
    .getByText(/saved\.|Saved\./)
    .first()
    .waitFor();
  expect((await api("GET", path)).body[form.field]).toBe("https://example.com/mine");
});

test("the form of a kind tells, and loads theirs", async () => {
  const values = [{ key: "open", verbs: ["open"] }];
  const kind = { key: "court", label: "Court", plural: "Courts", fields: [{ key: "status", values }] };
  await api("POST", "/v1/board/kinds", kind);
  await page.goto("/status-board/kinds");
  await page.getByRole("button", { name: "Edit Courts" }).click();
  await page.getByLabel("Called").fill("Our court");
  await api("POST", "/v1/board/kinds", { ...kind, label: "Their court" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("theirs “Their court”, yours “Our court”").waitFor();
  await page.getByRole("button", { name: "Load theirs" }).click();
  expect(await page.getByLabel("Called").inputValue()).toBe("Their court");
});
