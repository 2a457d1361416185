import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createMailer } from "../../src/delivery/send-mail.ts";
import { freePort } from "../support/child.ts";
import type { MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";

const running: MailServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function mailServer(options?: Parameters<typeof startMailServer>[0]): Promise<MailServer> {
  const server = await startMailServer(options);
  running.push(server);
  return server;
}

const mail = { id: "mail_1", to: "team@example.com", subject: "SMS from 1415", body: "Größe ⛷\n.\nend" };
const from = "Signalbox <hub@example.com>";

test("a mail arrives as it was written, with an id that stays", async () => {
  const server = await mailServer();
  const send = createMailer({ smtpUrl: server.url, from });
  expect(await send(mail)).toMatchObject({ kind: "accepted", code: 250 });
  const [got] = server.mails;
  expect(got).toMatchObject({ to: ["team@example.com"], from: "hub@example.com" });
  expect(got?.raw).toContain("Subject: SMS from 1415");
  expect(got?.raw).toContain("Message-ID: <mail_1@signalbox>");
  expect(got?.raw).toMatch(/From: "?Signalbox"? <hub@example.com>/);
});

test("no line break makes a header of its own", async () => {
  const server = await mailServer();
  const send = createMailer({ smtpUrl: server.url, from });
  await send({ ...mail, subject: "a\r\nBcc: spy@example.com\r\n\r\nX" });
  expect(server.mails[0]?.to).toEqual(["team@example.com"]);
  expect(server.mails[0]?.raw).not.toMatch(/^Bcc:/m);
});

test.each([
  [550, "refused"],
  [553, "refused"],
  [421, "unreachable"],
  [450, "unreachable"],
])("a recipient answered with %d: %s", async (code, kind) => {
  const server = await mailServer({ judge: () => code });
  const outcome = await createMailer({ smtpUrl: server.url, from })(mail);
  expect(outcome).toMatchObject({ kind, code });
});

test("a server that is away is unreachable, and found when it is back", async () => {
  const port = await freePort();
  const send = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
  expect(await send(mail)).toMatchObject({ kind: "unreachable", code: null });
  await mailServer({ port });
  expect(await send(mail)).toMatchObject({ kind: "accepted" });
});

test("a wrong password can be put right: the mail waits", async () => {
  const server = await mailServer({ password: "right" });
  const at = (password: string) =>
    createMailer({ smtpUrl: `smtp://hub:${password}@127.0.0.1:${server.port}`, from });
  expect(await at("wrong")(mail)).toMatchObject({ kind: "unreachable", code: 535 });
  expect(await at("right")(mail)).toMatchObject({ kind: "accepted" });
});

test("what the server says is kept without what no database keeps", async () => {
  const server = createServer((socket) => {
    socket.write("220 hello\r\n");
    let isData = false;
    socket.on("data", (chunk) => {
      const said = String(chunk);
      if (isData && !said.endsWith("\r\n.\r\n")) return;
      const answer = isData ? "250 queued\0 as 1" : said.startsWith("DATA") ? "354 go on" : "250 ok";
      isData = !isData && said.startsWith("DATA");
      socket.write(`${answer}\r\n`);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const send = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: "hub@example.com" });
  const outcome = await send({ id: "mail_1", to: "a@example.com", subject: "S", body: "B" });
  expect(outcome).toEqual({ kind: "accepted", code: 250, text: "250 queued as 1" });
  server.close();
});
