import type { IncomingMessage } from "node:http";
import { get } from "node:http";

/** What a browser's EventSource sees, without its coming back by itself. */
export interface EventReader {
  status: number;
  headers: IncomingMessage["headers"];
  /** So far, heartbeats left out. */
  events: ReadEvent[];
  comments: string[];
  /** Resolves with all events once there are so many. */
  read(count: number): Promise<ReadEvent[]>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  /** Stops taking bytes from the socket; answers how to go on. */
  stall(): () => void;
  close(): void;
}

export interface ReadEvent {
  id: string | null;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  data: any;
}

const PATIENCE_MS = 30_000;

export function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) =>
      resolve(readerOf(response, () => request.destroy())),
    );
    request.on("error", reject);
  });
}

function readerOf(response: IncomingMessage, close: () => void): EventReader {
  const events: ReadEvent[] = [];
  const comments: string[] = [];
  let rest = "";
  let notice: () => void = () => undefined;
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (block.startsWith(":")) comments.push(block);
      else if (block.includes("data:")) events.push(eventOf(block));
    }
    notice();
  });
  response.on("error", () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments,
    read(count) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error(`waited for ${count} events, got ${JSON.stringify(events)}`));
        }, PATIENCE_MS);
        notice = () => {
          if (events.length < count) return;
          clearTimeout(late);
          resolve(events);
        };
        notice();
      });
    },
    ended: new Promise((resolve) => {
      response.on("close", () => resolve());
    }),
    stall() {
      response.pause();
      return () => void response.resume();
    },
    close,
  };
}

function eventOf(block: string): ReadEvent {
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
  return { id: line("id"), type: line("event") ?? "message", data: JSON.parse(line("data") ?? "null") };
}
