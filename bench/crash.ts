import { checkCommands, checkNothingWaits, phonesOf, type SentTurns, turnsOf } from "./check-replies.ts";
import { openCounts } from "./counts.ts";
import type { Received } from "./fake-provider.ts";
import type { LoadProgress } from "./load-maker.ts";
import { freePort } from "./ports.ts";
import { addChannel, addReporters, makeDataDir, type Program, removeDataDir } from "./program.ts";
import type { Report } from "./report.ts";
import { DRAIN_SECONDS, type Setting, sendTexts } from "./setting.ts";
import { reporterPhone, turnReply } from "./texts.ts";

const TURNS = 10;
/** Slow enough that texts are at every stage of their way when the program dies. */
const RATE = 500;
/** How long after its moment a kill comes at most: at any point of the way of the texts just taken. */
const KILL_WITHIN_MS = 120;

/**
 * The program is killed again and again while texts come in; each is sent again until it is taken, as providers
 * do. At the end every text has one effect, and one reply or a flag that says that nobody knows.
 */
export async function measureCrash(setting: Setting): Promise<void> {
  const { report, fake } = setting;
  const texts = setting.texts ?? (setting.quick ? 300 : 2_000);
  const kills = setting.quick ? 3 : 10;
  const sent: SentTurns = { first: 0, reporters: Math.ceil(texts / TURNS), texts };
  const dataDir = await makeDataDir();
  const settings = { dataDir, port: await freePort(), role: "all" } as const;
  let program = await setting.start(settings);
  try {
    const path = await addChannel(program, setting.fakePort);
    await addReporters(program, sent.first, sent.reporters);
    await fake.ask("forget");
    const progress = watchProgress(setting);
    const source = { kind: "reporters", first: sent.first, reporters: sent.reporters } as const;
    let sending = true;
    const load = sendTexts(setting, {
      port: program.port,
      path,
      source,
      count: texts,
      rate: RATE,
      connections: 32,
      retry: true,
    }).finally(() => {
      sending = false;
    });
    let during = 0;
    for (let kill = 0; kill < kills; kill++) {
      // A random moment in this kill's share of the texts.
      await progress.reached(((kill + Math.random()) / kills) * texts, load);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
      if (sending) during++;
      await program.kill();
      program = await setting.start(settings);
    }
    const result = await load;
    report.note(
      `crash: ${kills} kills, ${during} of them while texts came in; ${result.retries} requests sent again`,
    );
    report.equal("crash: texts taken", result.taken, texts);
    await checkAftermath(setting, program, sent);
  } finally {
    await program.stop();
    await removeDataDir(dataDir);
  }
}

async function checkAftermath(setting: Setting, program: Program, sent: SentTurns): Promise<void> {
  const { report, fake } = setting;
  const counts = await openCounts(program.dataDir);
  try {
    await counts.drained(DRAIN_SECONDS);
    const received = await fake.ask<Received>("received");
    const { arrivals, deliveries } = await counts.arrivals();
    report.equal("crash: arrivals", arrivals, sent.texts);
    await checkCommands(report, counts, sent);
    await checkNothingWaits(report, counts);
    const replies = await counts.replies(phonesOf(sent));
    report.equal("crash: replies written", replies.length, sent.texts);
    const uncertain = replies.filter((reply) => reply.uncertain);
    const byPhone = Map.groupBy(uncertain, (reply) => reply.phone);
    let missing = 0;
    for (let reporter = sent.first; reporter < sent.first + sent.reporters; reporter++) {
      const unsure = byPhone.get(reporterPhone(reporter))?.map((reply) => reply.text) ?? [];
      missing += checkInOrder(report, reporter, turnsOf(sent, reporter), received, unsure);
    }
    const sure = replies.length - uncertain.length;
    report.figure({
      name: "crash: lost or doubled",
      value: report.faults.length,
      shown: `${report.faults.length} of ${sent.texts}  (${sure} replies sure, ${uncertain.length} uncertain, of which ${uncertain.length - missing} had arrived; ${deliveries - arrivals} repeats)`,
      aim: "0",
      met: report.faults.length === 0,
    });
  } finally {
    await counts.close();
  }
}

/** Replies came in order, none twice; one may be missing where its message is uncertain. Answers how many are. */
function checkInOrder(
  report: Report,
  reporter: number,
  turns: number,
  received: Received,
  uncertain: string[],
): number {
  const replies = [...(received.texts.get(reporterPhone(reporter)) ?? [])];
  const unsure = [...uncertain];
  let missing = 0;
  for (let turn = 0; turn < turns; turn++) {
    const wanted = turnReply(reporter, turn);
    if (replies[0]?.startsWith(wanted)) {
      replies.shift();
      continue;
    }
    const known = unsure.findIndex((text) => text.startsWith(wanted));
    if (known < 0)
      report.fault(`crash: reporter ${reporter}, text ${turn}: no reply "${wanted}" in its place`);
    else unsure.splice(known, 1);
    missing++;
  }
  for (const reply of replies)
    report.fault(`crash: reporter ${reporter}: a reply too many or too late: "${reply}"`);
  return missing;
}

interface Progress {
  /** Resolves once so many texts were taken, or when sending has ended. */
  reached(texts: number, ended: Promise<unknown>): Promise<void>;
}

function watchProgress(setting: Setting): Progress {
  let taken = 0;
  let look: () => void = () => undefined;
  setting.load.listen((news) => {
    taken = (news as LoadProgress).taken;
    look();
  });
  return {
    async reached(texts, ended) {
      const reached = new Promise<void>((resolve) => {
        look = () => {
          if (taken >= texts) resolve();
        };
        look();
      });
      await Promise.race([reached, ended]);
    },
  };
}
