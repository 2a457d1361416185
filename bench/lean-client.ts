import { connect, type Socket } from "node:net";

/** One keep-alive connection that carries one request at a time. Opened again by itself after a fault. */
export interface LeanConnection {
  /** Sends a whole request; `done` gets the status, or null when no answer came. */
  send(request: string, done: (status: number | null) => void): void;
  close(): void;
}

const HEAD_END = "\r\n\r\n";
/** No answer for this long counts as none, ms. */
const PATIENCE_MS = 15_000;

export function openLeanConnection(port: number): LeanConnection {
  let socket: Socket | null = null;
  let done: ((status: number | null) => void) | null = null;
  let pending: Buffer | null = null;

  function settle(status: number | null): void {
    const waiting = done;
    done = null;
    pending = null;
    waiting?.(status);
  }

  function dial(): Socket {
    const made = connect({ port, host: "127.0.0.1", noDelay: true });
    made.setTimeout(PATIENCE_MS, () => {
      if (done) made.destroy();
    });
    made.on("error", () => undefined);
    made.on("close", () => {
      if (socket !== made) return;
      socket = null;
      settle(null);
    });
    made.on("data", (chunk: Buffer) => read(chunk));
    return made;
  }

  function read(chunk: Buffer): void {
    const bytes: Buffer = pending === null ? chunk : Buffer.concat([pending, chunk]);
    const head = bytes.indexOf(HEAD_END);
    const text = head < 0 ? "" : bytes.toString("latin1", 0, head);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || bytes.length < head + HEAD_END.length + length) {
      pending = bytes;
      return;
    }
    const status = Number(text.slice(9, 12));
    if (/\r\nconnection: *close/i.test(text)) {
      socket?.destroy();
      socket = null;
    }
    settle(status);
  }

  return {
    send(request, whenDone) {
      done = whenDone;
      socket ??= dial();
      socket.write(request);
    },
    close() {
      done = null;
      socket?.destroy();
      socket = null;
    },
  };
}
