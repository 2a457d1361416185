import { afterAll, beforeAll, expect, test } from "vitest";
import type { MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** Templates can make texts that no database keeps: half of a picture, NUL. The text they answer must not be lost. */

let program: Program;
let mailServer: MailServer;

beforeAll(async () => {
  mailServer = await startMailServer();
  program = await startProgram({ smtpUrl: mailServer.url, mailFrom: "Hub <hub@example.com>" });
});
afterAll(async () => {
  await program.stop();
  await mailServer.close();
});

test.each([
  ["half of a picture", `{{ text | split: "" | last }}`, "rain \u{1F600}"],
  ["NUL that the sender wrote as a code", "{{ text | url_decode }}", "hail %00 today"],
  ["NUL that the template makes", `{{ "AA==" | base64_decode }}`, "snow today"],
])("%s: the text is answered and kept", async (name, template, text) => {
  const to = `${text.slice(0, 4)}@example.com`;
  const { body: rule } = await program.api("POST", "/v1/rules", {
    name,
    match: { type: "contains", pattern: text.slice(0, 4) },
    actions: [
      { type: "reply", text: `Said: ${template}.` },
      { type: "email", to, subject: `S ${template}`, body: `B ${template}` },
    ],
  });
  const from = `+1415555${5_000 + text.length}`;
  await program.api("POST", "/v1/simulator/messages", { from, text });
  const phone = encodeURIComponent(from);
  const reply = await until("the reply", async () => {
    const { body } = await program.api("GET", `/v1/messages?direction=out&to=${phone}`);
    return body.data[0];
  });
  expect(reply).toMatchObject({ ruleId: rule.id, text: expect.stringMatching(/^Said: /) });
  await until("the mail", async () => mailServer.mails.some((mail) => mail.to.includes(to)));
});
