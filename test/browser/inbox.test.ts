import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { openPortal } from "./portal.ts";

let portal: Portal;
let page: Page;

const PERSON = "+14155550142";
const say = (text: string) => portal.program.api("POST", "/v1/simulator/messages", { from: PERSON, text });

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner({ reducedMotion: "reduce" })).newPage();
  for (let n = 1; n <= 45; n++) await say(`Question number ${n}.`);
  await until("all texts", async () => {
    const { body } = await portal.program.api("GET", `/v1/messages?phone=${encodeURIComponent(PERSON)}`);
    return body.data.some(({ text }: { text: string }) => text === "Question number 45.");
  });
});
afterAll(() => portal.stop());

const said = (words: string) => page.locator(".bubble").getByText(words, { exact: true });

/** How far below the top of the conversation it stands, px. */
async function placeOf(line: Locator): Promise<number> {
  const talk = await page.getByRole("log", { name: "Texts" }).boundingBox();
  return ((await line.boundingBox())?.y ?? 0) - (talk?.y ?? 0);
}

test("a conversation opens at its end, and follows what comes", async () => {
  await page.goto(`/inbox/${PERSON}`);
  await said("Question number 45.").waitFor();
  expect(await placeOf(said("Question number 45."))).toBeGreaterThan(0);
  await page.getByText("Live", { exact: true }).waitFor();
  await say("And one more.");
  await said("And one more.").waitFor();
  await until("the new text in sight", async () => {
    const talk = await page.getByRole("log", { name: "Texts" }).boundingBox();
    return (await placeOf(said("And one more."))) < (talk?.height ?? 0);
  });
});

test("Hebrew and Arabic are set from right to left, each text by its own letters", async () => {
  const words = "שלום, המעלית פתוחה?";
  await say(words);
  await said(words).waitFor();
  // The question mark stands at the left end, where such a sentence ends.
  const [sentence, mark] = await said(words).evaluate((bubble) => {
    const range = bubble.ownerDocument.createRange();
    const [line] = bubble.childNodes;
    const from = (start: number, end: number): number => {
      range.setStart(line as typeof bubble, start);
      range.setEnd(line as typeof bubble, end);
      return range.getBoundingClientRect().left;
    };
    const length = bubble.textContent?.length ?? 0;
    return [from(0, 1), from(length - 1, length)];
  });
  expect(mark).toBeLessThan(sentence ?? 0);
});

test("half a text waits in its conversation, and in no other", async () => {
  await portal.program.api("POST", "/v1/simulator/messages", { from: "+14155550143", text: "Hello?" });
  await page.getByRole("textbox", { name: "Reply" }).fill("We open at ni");
  await page.getByRole("link", { name: /555-0143/ }).click();
  await said("Hello?").waitFor();
  expect(await page.getByRole("textbox", { name: "Reply" }).inputValue()).toBe("");
  await page.getByRole("link", { name: /555-0142/ }).click();
  await said("And one more.").waitFor();
  expect(await page.getByRole("textbox", { name: "Reply" }).inputValue()).toBe("We open at ni");
});

test("whoever reads further up stays there when a text comes, and when earlier ones are fetched", async () => {
  const earlier = page.getByRole("button", { name: "Earlier texts" });
  // Of the lines that are shown the oldest makes room for the new one.
  const words = (await page.locator(".bubble").nth(3).textContent()) ?? "";
  await said(words).evaluate((line) => line.scrollIntoView({ block: "start" }));
  const before = await placeOf(said(words));
  await say("While you read.");
  await said("While you read.").waitFor();
  expect(Math.abs((await placeOf(said(words))) - before)).toBeLessThan(4);
  // By a script: a mouse would scroll to it first.
  await earlier.dispatchEvent("click");
  await said("Question number 1.").waitFor();
  expect(Math.abs((await placeOf(said(words))) - before)).toBeLessThan(4);
  await page.getByRole("textbox", { name: "Reply" }).fill("Here is the answer");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await said("Here is the answer").waitFor();
  await until("the answer in sight", async () => {
    const talk = await page.getByRole("log", { name: "Texts" }).boundingBox();
    const place = await placeOf(said("Here is the answer"));
    return place > 0 && place < (talk?.height ?? 0);
  });
});
