import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

/**
 * The least HTTP/1.1 server that does: keep-alive, requests one after the other, bodies with a length. It costs
 * a fraction of `node:http`, so that on a small machine the figures tell of the program and not of its fakes.
 */
export interface LeanRequest {
  method: string;
  /** With the query. */
  path: string;
  body: string;
}

export interface LeanAnswer {
  status: number;
  type: string;
  body: string;
}

const HEAD_END = "\r\n\r\n";

/** Listens on a free port of 127.0.0.1 and answers which. */
export function startLeanServer(handle: (request: LeanRequest) => LeanAnswer): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => serveSocket(socket, handle));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function serveSocket(socket: Socket, handle: (request: LeanRequest) => LeanAnswer): void {
  let pending: Buffer | null = null;
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    let bytes: Buffer = pending === null ? chunk : Buffer.concat([pending, chunk]);
    let out = "";
    let closing = false;
    for (;;) {
      const head = bytes.indexOf(HEAD_END);
      if (head < 0) break;
      const text = bytes.toString("latin1", 0, head);
      const start = head + HEAD_END.length;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (bytes.length < start + length) break;
      const [method = "", path = ""] = text.slice(0, text.indexOf("\r\n")).split(" ", 2);
      const answer = handle({ method, path, body: bytes.toString("utf8", start, start + length) });
      closing ||= /\r\nconnection: *close/i.test(text);
      out += render(answer, closing);
      bytes = bytes.subarray(start + length);
    }
    pending = bytes.length > 0 ? bytes : null;
    if (out !== "") socket.write(out);
    if (closing) socket.end();
  });
}

function render({ status, type, body }: LeanAnswer, closing: boolean): string {
  const connection = closing ? "close" : "keep-alive";
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status} OK\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: ${connection}\r\n\r\n${body}`;
}
