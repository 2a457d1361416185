import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A real mail server on loopback that keeps what it is given. */
export interface MailServer {
  url: string;
  port: number;
  mails: { to: string[]; from: string; raw: string }[];
  close(): Promise<void>;
}

/** How recipients are answered: null takes them, a number refuses with that code. */
export type Judge = (address: string) => number | null;

export async function startMailServer(
  options: { judge?: Judge; port?: number; password?: string } = {},
): Promise<MailServer> {
  const mails: MailServer["mails"] = [];
  const server = new SMTPServer({
    disabledCommands: options.password === undefined ? ["AUTH", "STARTTLS"] : ["STARTTLS"],
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      if (auth.password === options.password) done(null, { user: auth.username ?? "" });
      else done(refusal(535, "Authentication failed"));
    },
    onRcptTo(address, _session, done) {
      const code = options.judge?.(address.address) ?? null;
      done(code === null ? null : refusal(code, "not here"));
    },
    onData(stream, session, done) {
      void text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          to: rcptTo.map((one) => one.address),
          from: mailFrom === false ? "" : mailFrom.address,
          raw,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}
