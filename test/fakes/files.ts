import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a provider keeps files: what is not there is 404. */
export interface FakeFiles {
  url: string;
  calls: { method: string; path: string; authorization: string | null }[];
  /** From now on; answers the address of the file. */
  serve(path: string, answer: FileAnswer): string;
  close(): Promise<void>;
}

/** A file, or a body that never ends, or no answer at all. */
export type FileAnswer =
  | { status?: number; headers?: Record<string, string>; body?: Buffer | string }
  | "endless"
  | "silence";

export async function startFakeFiles(host = "127.0.0.1"): Promise<FakeFiles> {
  const files = new Map<string, FileAnswer>();
  const calls: FakeFiles["calls"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    calls.push({ method: request.method ?? "", path, authorization: request.headers.authorization ?? null });
    const answer = files.get(path) ?? { status: 404, body: "no such file" };
    if (answer === "silence") return;
    if (answer === "endless") {
      response.writeHead(200, { "content-type": "image/jpeg" });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0xff)));
      };
      response.on("drain", more);
      return more();
    }
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    serve(path, answer) {
      files.set(path, answer);
      return url + path;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
