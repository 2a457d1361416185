import { describe, expect, test } from "vitest";
import { f1, f2, gate, gatesTo, lift, plus, trail } from "./acceptance-fixtures.ts";
import type { Given } from "./acceptance-runner.ts";
import { talk } from "./talk.ts";

/** Text, key of the reply, and what it changed: "Gate 5 open", several joined by "; ". */
type Line = [text: string, key: string | null, changes?: string];

async function reads(given: Given, [text, key, changes = ""]: Line) {
  const { says } = await talk(given);
  const heard = await says("A", text);
  const made = heard.changes.map(({ item, to }) => `${item} ${to}`).join("; ");
  expect([heard.key, made], heard.text).toEqual([key, changes]);
}

const named = plus(
  f1,
  trail("Open Slope", "closed"),
  trail("Not Again", "closed"),
  trail("Will Way", "closed"),
  trail("Rock and Roll", "closed"),
  trail("Salt, Pepper & Co", "closed"),
  lift("Hold", "closed"),
  lift("Ridge Chair", "closed", { area: "North Side", aliases: ["RC"] }),
  lift("Summit Six", "closed", { area: "North Side", aliases: ["S6", "Old Faithful"] }),
);

describe("words of a command", () => {
  test.each<Line>([
    ["set gate 5 to open please", "done", "Gate 5 open"],
    ["gate 5 is now open", "done", "Gate 5 open"],
    ["open gate 5 thank you", "done", "Gate 5 open"],
    ["gate open 5", "done", "Gate 5 open"],
    ["gate5 open", "done", "Gate 5 open"],
    ["open gate 5 open", "done", "Gate 5 open"],
    ["tahoe open king", "format"],
    ["open 25.0", "nomatch"],
    ["open +25", "nomatch"],
    ["open 1e2", "nomatch"],
    ["open gate -5", "mean"],
    ["never open gate 5", "format"],
    ["east face is not open", "format"],
    ["do not open gate 5", "status.item"],
    ["can you open gate 5", "status.item"],
    ["what is open?", "status.all"],
    ["are the lifts open", "status.kind"],
    ["who is this?", "format"],
    ["open close", "conflict"],
    ["open groomed broadway", "conflict"],
    ["open gate 1, close gate 1", "conflict"],
    ["whats open", "status.all"],
    ["what's open", "status.all"],
    ["how's gate 5 open", "status.item"],
    ["who’s open gate 5", "status.item"],
    ["where's gate 5 open", "status.item"],
    ["when's gate 5 open", "status.item"],
    ["whats up", "format"],
    ["open gate 1, 1", "done", "Gate 1 open"],
    ["groom lift", "wrongverb"],
    ["groom all lifts", "wrongverb"],
    ["stop lift 3", "format"],
  ])("%j", (...line) => reads(f1, line));
});

describe("names that hold words of the grammar", () => {
  test.each<Line>([
    ["open open slope", "done", "Open Slope open"],
    ["close open slope", "already"],
    ["open slope", "status.item"],
    ["open not again", "done", "Not Again open"],
    ["will way open", "done", "Will Way open"],
    ["will the lift open", "status.kind"],
    ["open rock & roll", "done", "Rock and Roll open"],
    ["rock and roll open", "done", "Rock and Roll open"],
    ["open salt, pepper & co", "done", "Salt, Pepper & Co open"],
    ["open hold", "done", "Hold open"],
    ["hold hold", "done", "Hold hold"],
    ["hold, open slope", "done", "Open Slope hold"],
    ["open s6", "done", "Summit Six open"],
    ["open old faithful", "done", "Summit Six open"],
    ["open summit 6", "done", "Summit Six open"],
    ["open ridge", "done", "Ridge Chair open"],
    ["open summit north side", "done", "Summit Six open"],
    ["open north side", "nomatch"],
    ["open all north side", "confirm.all"],
    ["open everything north side lifts", "confirm.all"],
    ["north side", "status.kind"],
    ["rc", "status.item"],
  ])("%j", (...line) => reads(named, line));
});

describe("several items", () => {
  test.each<Line>([
    ["open gate 1 / 5", "done.batch", "Gate 1 open; Gate 5 open"],
    ["open\ngate 1\ngate 5", "done.batch", "Gate 1 open; Gate 5 open"],
    ["gate 1\ngate 5\nopen", "done.batch", "Gate 1 open; Gate 5 open"],
    ["open gate 1, tahoe queen", "done.batch", "Gate 1 open; Tahoe Queen open"],
    [
      "open gate 1, close gate 2 and groom broadway",
      "done.batch",
      "Gate 1 open; Gate 2 closed; Broadway yes",
    ],
    ["open gate 1, grandviev", "done + mean", "Gate 1 open"],
    ["open gate 1, nowhere at all else", "done.batch", "Gate 1 open"],
    ["broadway groomed and open", "conflict"],
    ["open, close gate 2", "conflict"],
    ["open\ngate 1\nclose", "conflict"],
    ["open, close, gate 2", "conflict"],
    ["gate 1 open, broadway groomed, close", "conflict"],
    ["gate 1 open, reopen", "done", "Gate 1 open"],
    ["open\ngate 1\nclose\ngate 2", "done.batch", "Gate 1 open; Gate 2 closed"],
    ["gate 1, open, gate 5", "done.batch", "Gate 1 open; Gate 5 open"],
    ["open 25-31", "done.batch", "Broadway open; Sugar 'n Spice open"],
    ["open gates 7-9", "nomatch"],
    ["open gate 1, all lifts", "confirm.batch"],
  ])("%j", (...line) => reads(f1, line));

  test("more than the limit changes nothing", async () => {
    await reads(gatesTo(f1, 60), ["open gates 1-60", "toomany"]);
    await reads(gatesTo(f1, 60), ["open all gates", "toomany"]);
    await reads(gatesTo(f1, 60), ["open gate", "many"]);
  });

  test("missing numbers of a range are named, five at most", async () => {
    const { says } = await talk(f1);
    expect((await says("A", "open gates 1-90")).text).toContain("Not found: 3, 4, 6, 7, 8. ");
  });
});

describe("names that are only like what was typed", () => {
  test.each<Line>([
    ["open main stret", "already"],
    ["mian street open", "mean"],
    ["close upper brodway", "mean"],
    ["open lift grandveiw exprss", "done", "Grandview Express open"],
    ["open xpress", "mean"],
    ["open gate 2", "mean"],
    ["open gate 100", "mean"],
    ["open gatte 1", "mean"],
    ["open west street", "mean"],
    ["open gate 01", "done", "Gate 1 open"],
    ["open zzzzzz", "nomatch"],
    ["status brodway", "status.item"],
    ["brodway", "format"],
  ])("%j", (...line) => reads(f2, line));

  test("resemblance can be told to ask, or be off", async () => {
    const asking = await talk(f1, { resemblance: "ask" });
    expect((await asking.says("A", "close brodway")).key).toBe("mean");
    const off = await talk(f1, { resemblance: "off" });
    expect((await off.says("A", "close brodway")).key).toBe("nomatch");
    expect((await off.says("A", "open lift broadway")).key).toBe("mean");
  });

  test("an owner may add distinguishing words", async () => {
    const given = plus(f1, trail("Summer Bowl", "closed"));
    expect((await (await talk(given)).says("A", "open sumer bowl")).key).toBe("done");
    const careful = await talk(given, { distinguishingWords: ["summer"] });
    expect((await careful.says("A", "open sumer bowl")).key).toBe("mean");
  });
});

describe("what a person may change narrows what is meant", () => {
  const given = plus(f1, lift("Broadway Lift", "closed", { area: "North" }), gate("North Gate", "closed"));

  test.each([
    ["T", "open broadway", "done", "Broadway"],
    ["L", "open broadway", "done", "Broadway Lift"],
    ["L", "open trail broadway", "forbidden", ""],
    ["L", "open lift broadway", "done", "Broadway Lift"],
    ["S", "open xyz", "nomatch", ""],
    ["S", "status", "status.all", ""],
    ["L", "open all", "confirm.all", ""],
    ["L", "open all gates", "forbidden", ""],
  ] as const)("%s: %s", async (sender, text, key, changed) => {
    const heard = await (await talk(given)).says(sender, text);
    expect([heard.key, heard.changes.map((change) => change.item).join()]).toEqual([key, changed]);
  });

  test.each([
    [["*:area=north"], "open broadway lift", "done"],
    [["lift:area=North"], "open broadway lift", "done"],
    [["gate:area=North"], "open north gate", "forbidden"],
    [["gate:item=itm_6"], "open gate 1", "done"],
    [["gate:item=itm_6"], "open gate 5", "forbidden"],
    [["", ":", "gate:"], "open gate 5", "forbidden"],
  ])("%j: %s", async (permissions, text, key) => {
    const { says } = await talk(given, {}, { A: { permissions } });
    expect((await says("A", text)).key).toBe(key);
  });
});
