import { memoryWorld } from "./world.ts";
import { f1, f2, trail, lift, gate, plus } from "./acceptance-fixtures.ts";
import * as fx from "./acceptance-fixtures.ts";
const w = memoryWorld();
const std = { confirmation: null, undoWindowSeconds: null, pin: null, active: true } as const;
const people = [
  { ...std, letter: "A" as const, name: "Ana", phones: ["+14155550101"], permissions: ["*"], pin: "4711" },
  { ...std, letter: "B" as const, name: "Ben", phones: ["+14155550103"], permissions: ["*"] },
  { ...std, letter: "T" as const, name: "Tess", phones: ["+14155550104"], permissions: ["trail"] },
  { ...std, letter: "S" as const, name: "Sam", phones: ["+14155550106"], permissions: [] },
];
async function run(title: string, given: any, texts: string[], commands: any = {}) {
  console.log(`\n== ${title}`);
  await w.setup({ items: given.items, extraKinds: given.kinds ?? [], commands, people });
  for (const t of texts) {
    const m = /^([ABTSU]): (.*)$/s.exec(t);
    const adv = /^\+(\d+)$/.exec(t);
    if (adv) { await w.advance(Number(adv[1])); continue; }
    const who: any = m ? m[1] : "A"; const text = m ? m[2]! : t;
    const r = await w.text(who, text, {});
    const row = (await w.log()).at(-1)!;
    console.log(`${who}> ${JSON.stringify(text)}  [${row.outcome}] ${row.changes.map(c=>`${c.item}.${c.field}:${c.from}>${c.to}`).join(" ")}`);
    for (const x of r) console.log(`    (${x.key}${x.withheld ? " WITHHELD" : ""}) ${x.text.replace(/\n/g, "\n      ")}`);
  }
  const al = await w.alerts(); if (al.length) console.log("alerts", al);
}
export { run, f1, f2, fx, trail, lift, gate, plus };
