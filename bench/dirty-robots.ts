import type { DirtyDoor } from "./dirty-door.ts";
import type { WatchedText } from "./fake-provider.ts";
import type { Program } from "./program.ts";
import type { Setting } from "./setting.ts";

/** Phones that answer everything the hub sends them, at once. */
export interface Robots {
  /** Lets each of them begin. */
  begin(): Promise<void>;
  /** Resolves when none has been sent anything for a while. */
  quiet(): Promise<void>;
  /** Texts the hub sent to each, and texts each sent. */
  counts(): { name: string; heard: number; sent: number }[];
}

/** More replies than this are a loop. */
export const MOST_REPLIES = 5;
/** Where a loop is not stopped, the bench stops it: it has failed by then. */
const PATIENCE = 50;
const QUIET_MS = 1_000;

interface Robot {
  name: string;
  phone: string;
  /** Whether the hub knows it as a reporter. */
  known: boolean;
  first: string;
  answer: (text: string) => string;
  heard: number;
  sent: number;
}

const robot = (
  name: string,
  last: number,
  known: boolean,
  first: string,
  answer: Robot["answer"],
): Robot => ({
  ...{ name, phone: `+1415777${String(last).padStart(4, "0")}`, known, first, answer, heard: 0, sent: 0 },
});

export async function prepareRobots(setting: Setting, program: Program, door: DirtyDoor): Promise<Robots> {
  const focus = "I'm driving with Focus turned on. I'll see your message when I get where I'm going.";
  const robots = [
    robot("auto-responder of a reporter", 1, true, "status", () => focus),
    robot(
      "reporter's phone that says thanks in its own way",
      2,
      true,
      "status",
      () => "Cheers mate, all good here",
    ),
    robot("reporter's phone that sends back what it gets", 3, true, "status", (text) => text),
    robot("stranger's auto-responder", 4, false, "hello there", () => "This number is not monitored"),
  ];
  for (const { name, phone } of robots.filter(({ known }) => known)) {
    await program.api("POST", "/v1/reporters", { name, phones: [phone], permissions: ["*"] });
  }
  const byPhone = new Map(robots.map((one) => [one.phone, one]));
  let lastAt = performance.now();
  const send = async (one: Robot, text: string) => {
    lastAt = performance.now();
    one.sent += 1;
    const sid = `SM${one.phone.slice(1)}${String(one.sent).padStart(21, "0")}`;
    await door.post({ from: one.phone, text, sid, signature: "right" });
  };
  setting.fake.listen((news) => {
    const { to, text } = news as WatchedText;
    const one = byPhone.get(to);
    if (!one) return;
    one.heard += 1;
    if (one.heard < PATIENCE) send(one, one.answer(text)).catch(() => undefined);
  });
  await setting.fake.ask("watch", [...byPhone.keys()]);
  return {
    async begin() {
      await Promise.all(robots.map((one) => send(one, one.first)));
    },
    async quiet() {
      while (performance.now() - lastAt < QUIET_MS) {
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 10));
      }
    },
    counts: () => robots.map(({ name, heard, sent }) => ({ name, heard, sent })),
  };
}
