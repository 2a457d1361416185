import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

/** Providers and receivers that refuse: every page says what is wrong and what to do about it. */

let portal: Portal;
let owner: BrowserContext;
let page: Page;
let world: Receiver;

beforeAll(async () => {
  portal = await openPortal();
  owner = await portal.owner({ reducedMotion: "reduce" });
  world = await startReceiver();
});
afterAll(async () => {
  await portal.stop();
  await world.close();
});
beforeEach(async () => {
  page = await owner.newPage();
  return () => page.close();
});

const PERSON = "+14155550142";

test("a refused credential is told at the text, at its channel and in the text's story", async () => {
  const { api } = portal.program;
  world.answer = (_received, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"code":20003,"message":"Authenticate","status":401}');
  };
  const settings = { accountSid: `AC${"a".repeat(32)}`, authToken: "wrong", apiUrl: world.url };
  const order = { provider: "twilio", name: "Twilio", address: "+14155550177", settings };
  const { body: channel } = await api("POST", "/v1/channels", order);
  await api("POST", "/v1/messages", { channelId: channel.id, to: PERSON, text: "Anybody there?" });
  await until("the pause", async () => {
    const { body } = await api("GET", `/v1/channels/${channel.id}`);
    return body.health.paused;
  });
  await page.goto(`/inbox/${PERSON}`);
  await page.getByText(/^Waits: channel Twilio: credentials refused since/).waitFor();
  await page.getByRole("button", { name: /^What happened to/ }).click();
  const story = page.getByRole("dialog");
  await story.getByText("Broken credential").waitFor();
  await story.getByText(/^The credential was refused/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.goto(`/channels/${channel.id}`);
  await page.getByText(/20003: Authenticate/).waitFor();
  await page.getByText("Check the credentials and the account, then test the channel.").waitFor();
});

test("a delivery behind an endpoint that rests says what it waits for", async () => {
  const { api } = portal.program;
  world.answer = (_received, response) => void response.writeHead(500).end();
  const { body: endpoint } = await api("POST", "/v1/endpoints", { url: world.url, types: ["*"] });
  const text = () => api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "STATUS" });
  await text();
  await until("the endpoint to rest", async () => {
    const { body } = await api("GET", `/v1/endpoints/${endpoint.id}/health`);
    if (body.state === "failing") await text();
    return body.state === "paused";
  });
  await text();
  const waiting = await until("a delivery that was never tried", async () => {
    const { body } = await api("GET", `/v1/deliveries?endpoint=${endpoint.id}&state=waiting`);
    return body.data.find((one: { tries: number }) => one.tries === 0);
  });
  await page.goto(`/webhooks/deliveries/${waiting.id}`);
  await page.getByText(/^Paused since .* failures in a row/).waitFor();
  await page.getByText("Not tried yet.").waitFor();
  expect(await page.getByText(/^to .*, next try/).count()).toBe(0);
});

test("faults of a long form come into sight, wherever its button is", async () => {
  await page.setViewportSize({ width: 390, height: 500 });
  await page.goto("/rules/new?template=blank");
  const save = page.getByRole("button", { name: "Save the rule" });
  await save.scrollIntoViewIfNeeded();
  await save.click();
  const alert = page.getByRole("alert");
  await alert.getByText("name: must not be empty").waitFor();
  await until("the faults in sight, below the header", async () => {
    const box = await alert.boundingBox();
    return box !== null && box.y >= 56 && box.y + box.height <= 500;
  });
});
