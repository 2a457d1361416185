import { type ChildProcess, fork } from "node:child_process";

/** A helper process of the bench, asked by name. It ends with the bench: its channel closes. */
export interface Child {
  pid: number;
  ask<Answer>(name: string, argument?: unknown): Promise<Answer>;
  /** Called with what the child tells without being asked. */
  listen(listener: (news: unknown) => void): void;
  stop(): Promise<void>;
}

type ToChild = { id: number; name: string; argument: unknown };
type FromChild = { id: number; answer?: unknown; error?: string } | { news: unknown };

export type Handlers = Record<string, (argument: never) => unknown>;

export async function startChild(file: URL): Promise<Child> {
  // "advanced" carries typed arrays and maps as they are.
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"], serialization: "advanced" });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let listener: (news: unknown) => void = () => undefined;
  let nextId = 0;

  child.on("message", (message: FromChild) => {
    if ("news" in message) return listener(message.news);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) asked?.resolve(message.answer);
    else asked?.reject(new Error(message.error));
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file.pathname} ended`));
  });

  const api: Child = {
    pid: child.pid ?? 0,
    ask<Answer>(name: string, argument?: unknown) {
      return new Promise<Answer>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        child.send({ id, name, argument } satisfies ToChild);
      });
    },
    listen(next) {
      listener = next;
    },
    async stop() {
      if (!hasEnded(child)) child.disconnect();
      await ended;
    },
  };
  await api.ask("ready");
  return api;
}

/** The child's side: answers what it is asked until the bench is gone. */
export function serve(handlers: Handlers): void {
  process.on("message", async ({ id, name, argument }: ToChild) => {
    try {
      const handler = name === "ready" ? () => true : handlers[name];
      if (!handler) throw new Error(`unknown question ${name}`);
      process.send?.({ id, answer: await handler(argument as never) } satisfies FromChild);
    } catch (error) {
      process.send?.({
        id,
        error: error instanceof Error ? error.message : String(error),
      } satisfies FromChild);
    }
  });
  process.on("disconnect", () => process.exit());
  // Ctrl-C reaches the whole group; the bench itself decides when its helpers go.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
}

export function tell(news: unknown): void {
  process.send?.({ news } satisfies FromChild);
}

/** Milliseconds on a clock that all processes of this machine share and nobody sets. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
