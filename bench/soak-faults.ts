import type { Child } from "./child.ts";
import type { Program } from "./program.ts";
import type { SoakLook } from "./soak-look.ts";
import { MOODS, type Mood } from "./soak-receiver.ts";

/** What goes wrong in a soak, one thing after the other, at random. */
export interface SoakScene {
  /** The program as it runs now. */
  program(): Program;
  /** kill -9, and a new start on the same data. */
  restart(): Promise<void>;
  receiver: Child;
  look: SoakLook;
  /** By number; the first keeps order. */
  endpoints: string[];
  /** Whether the program may be killed now: its memory is watched for a while after. */
  mayKill(): boolean;
  /** How often each fault happened. */
  counts: Map<string, number>;
}

type Fault = (scene: SoakScene) => Promise<void>;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const between = (least: number, most: number) => least + Math.random() * (most - least);
const pick = <One>(all: readonly One[]): One => all[Math.floor(Math.random() * all.length)] as One;

/** Longer than a start takes, ms. */
const PATIENCE_MS = 60_000;

/** The program may just be down: asked again until it answers. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(100);
    }
  }
}

export function api<Answer>(scene: SoakScene, method: string, path: string, body?: unknown): Promise<Answer> {
  return patiently(() => scene.program().api<Answer>(method, path, body));
}

const someEndpoint = ({ endpoints }: SoakScene) => Math.floor(Math.random() * endpoints.length);

export async function setMood({ receiver }: SoakScene, endpoint: number, mood: Mood): Promise<void> {
  await receiver.ask("setMood", { endpoint, mood });
}

/** A few receivers behave badly for some seconds. One that said 410 is enabled again by hand. */
const badReceivers: Fault = async (scene) => {
  const mood = pick(MOODS);
  const some = Array.from({ length: 1 + Math.floor(Math.random() * 4) }, () => someEndpoint(scene));
  for (const endpoint of some) await setMood(scene, endpoint, mood);
  await pause(between(1_000, 8_000));
  for (const endpoint of some) {
    await setMood(scene, endpoint, "well");
    if (mood === "gone") await enable(scene, endpoint);
  }
};

export async function enable(scene: SoakScene, endpoint: number): Promise<void> {
  await api(scene, "PATCH", `/v1/endpoints/${scene.endpoints[endpoint]}`, { enabled: true });
}

const switchedOff: Fault = async (scene) => {
  const endpoint = someEndpoint(scene);
  await api(scene, "PATCH", `/v1/endpoints/${scene.endpoints[endpoint]}`, { enabled: false });
  await pause(between(500, 3_000));
  await enable(scene, endpoint);
};

const rotation: Fault = async (scene) => {
  const id = scene.endpoints[someEndpoint(scene)];
  await api(scene, "POST", `/v1/endpoints/${id}/rotate-secret`, { overlapHours: 0 });
};

/** The last minutes once more; every other time it is stopped on the way. */
const replay: Fault = async (scene) => {
  const id = scene.endpoints[1 + Math.floor(Math.random() * (scene.endpoints.length - 1))];
  const order = { since: new Date(Date.now() - 30_000).toISOString(), states: "all", rate: 20 };
  const { id: replayId } = await api<{ id: string }>(scene, "POST", `/v1/endpoints/${id}/replay`, order);
  await pause(between(500, 2_000));
  // One that has ended cannot be stopped any more.
  if (Math.random() < 0.5)
    await scene
      .program()
      .api("POST", `/v1/replays/${replayId}/cancel`)
      .catch(() => undefined);
};

const killed: Fault = async (scene) => {
  if (scene.mayKill()) await scene.restart();
};

const frozen: Fault = async (scene) => {
  const { pid } = scene.program();
  process.kill(pid, "SIGSTOP");
  await pause(between(500, 5_000));
  process.kill(pid, "SIGCONT");
};

const cutOff: Fault = ({ look }) => patiently(() => look.cut());

const AROUND: Record<string, Fault> = { badReceivers, switchedOff, rotation, replay };
const BELOW: Record<string, Fault> = { killed, frozen, cutOff };

/** Lets things go wrong until `isOver`: around the program and below it, each for itself. */
export async function goWrong(scene: SoakScene, isOver: () => boolean): Promise<void> {
  const loop = async (faults: Record<string, Fault>, mostMs: number) => {
    while (!isOver()) {
      await pause(between(200, mostMs));
      const [name, fault] = pick(Object.entries(faults));
      if (isOver()) return;
      await fault(scene);
      scene.counts.set(name, (scene.counts.get(name) ?? 0) + 1);
    }
  };
  const loops = [loop(AROUND, 1_000), loop(AROUND, 1_000), loop(BELOW, 6_000)];
  // All of them have to end before anything is taken down.
  for (const { status, ...ended } of await Promise.allSettled(loops)) {
    if (status === "rejected" && "reason" in ended) throw ended.reason;
  }
}
