import type { FastifyInstance, FastifyReply } from "fastify";

/** One reader of server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export interface EventStream {
  readonly closed: boolean;
  /** Hands frames to the socket; a reader that leaves too much lying there is cut off. */
  write(frames: string): void;
  /** Resolves when the reader has taken most of what was written; cuts it off when that takes too long. */
  drained(): Promise<void>;
  onClose(listener: () => void): void;
  close(): void;
}

/** Proxies and browsers drop connections that stay silent, ms. */
const HEARTBEAT_MS = 15_000;
/** What may wait for a slow reader, bytes. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** How long a reader may take before it goes on reading, ms. */
const PATIENCE_MS = 30_000;
/** Then the reader comes back by itself and shows its key again, ms. */
const LIFE_MS = 15 * 60_000;
/** What the reader waits before it comes back, ms. */
const RETRY_MS = 1_000;

/** Answers a request with a stream that stays open. */
export function openEventStream(reply: FastifyReply): EventStream {
  const { raw } = reply;
  const listeners: (() => void)[] = [];
  let closed = false;

  function finish(): void {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    clearTimeout(end);
    for (const listener of listeners) listener();
  }

  function write(frames: string): void {
    if (closed) return;
    if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
    else raw.write(frames);
  }

  function close(): void {
    finish();
    raw.end();
    // What a reader never takes would lie there for as long as he stays.
    setTimeout(() => raw.writableFinished || raw.destroy(), PATIENCE_MS).unref();
  }

  function beat(): void {
    // Where something waits, something is on its way.
    if (!raw.writableNeedDrain) write(": still here\n\n");
  }

  const heartbeat = setInterval(beat, HEARTBEAT_MS).unref();
  const end = setTimeout(close, LIFE_MS).unref();
  raw.on("close", finish);
  raw.on("error", finish);
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    // Some proxies collect answers before they pass them on.
    "x-accel-buffering": "no",
  });
  write(`retry: ${RETRY_MS}\n\n`);
  // Gone before the answer began: there will be no "close" any more.
  if (raw.destroyed) finish();

  return {
    get closed() {
      return closed;
    },
    write,
    drained() {
      if (closed || !raw.writableNeedDrain) return Promise.resolve();
      return new Promise<void>((resolve) => {
        const impatient = setTimeout(() => raw.destroy(), PATIENCE_MS);
        const done = () => {
          clearTimeout(impatient);
          raw.off("drain", done);
          raw.off("close", done);
          resolve();
        };
        raw.on("drain", done);
        raw.on("close", done);
      });
    },
    onClose(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
    close,
  };
}

/** One event as the wire has it. `data` must be one line. */
export function eventFrame(event: { id?: string; type: string; data: string }): string {
  const id = event.id === undefined ? "" : `id: ${event.id}\n`;
  return `${id}event: ${event.type}\ndata: ${event.data}\n\n`;
}

/** The streams of one kind that this process keeps open. They end when the program stops. */
export interface StreamRoom {
  readonly isFull: boolean;
  /** How many of them one owner has. */
  countOf(owner: string): number;
  add(stream: EventStream, owner?: string): void;
}

export function createStreamRoom(app: FastifyInstance, most: number): StreamRoom {
  const streams = new Set<EventStream>();
  const counts = new Map<string, number>();
  let closing = false;

  function count(owner: string, by: 1 | -1): void {
    const now = (counts.get(owner) ?? 0) + by;
    if (now > 0) counts.set(owner, now);
    else counts.delete(owner);
  }

  app.addHook("preClose", async () => {
    closing = true;
    for (const stream of [...streams]) stream.close();
  });
  return {
    get isFull() {
      return streams.size >= most;
    },
    countOf: (owner) => counts.get(owner) ?? 0,
    add(stream, owner = "") {
      if (closing) return stream.close();
      streams.add(stream);
      count(owner, 1);
      stream.onClose(() => {
        streams.delete(stream);
        count(owner, -1);
      });
    },
  };
}
