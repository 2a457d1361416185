import { hasKannel, KANNEL_MISSING, startKannel } from "./kannel.ts";
import { median, perSecond } from "./report.ts";
import { DRAIN_SECONDS, type Setting, sendTexts } from "./setting.ts";

/** As many people as the same number of texts has in the journey. */
const TEXTS_PER_PERSON = 40;

/** Texts per second through Kannel, from the first request to the last reply. */
export async function runKannel(setting: Setting, texts: number, store: "spool" | null): Promise<number> {
  const { report, fake, fakePort } = setting;
  const kannel = await startKannel(fakePort, store);
  try {
    await fake.ask("forget");
    const source = { kind: "reporters", first: 0, reporters: Math.ceil(texts / TEXTS_PER_PERSON) } as const;
    const { port, path } = kannel;
    const sending = await sendTexts(setting, { port, path, form: "kannel", source, count: texts });
    await fake.ask("waitFor", { count: texts, seconds: DRAIN_SECONDS });
    const { count, lastAt } = await fake.ask<{ count: number; lastAt: number }>("count");
    if (count !== texts) report.note(`Kannel: ${count} replies to ${texts} texts`);
    const rate = (count / (lastAt - sending.firstAt)) * 1_000;
    console.log(`Kannel, ${store ?? "no store"}: ${count} texts at ${perSecond(rate)}`);
    return rate;
  } finally {
    await kannel.stop();
  }
}

/** What is told of Kannel besides the ratio. */
export async function tellKannelAlone(setting: Setting, texts: number, withSpool: number[]): Promise<void> {
  const { report } = setting;
  if (!hasKannel()) return report.note(KANNEL_MISSING);
  const spool = withSpool.length > 0 ? withSpool : [await runKannel(setting, texts, "spool")];
  const bare = await runKannel(setting, texts, null);
  report.note(`Kannel: ${perSecond(median(spool))} with its spool, ${perSecond(bare)} without a store`);
}
