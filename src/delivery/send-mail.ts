import type { Transporter } from "nodemailer";

/** One mail to one person. */
export interface OutgoingMail {
  id: string;
  to: string;
  subject: string;
  body: string;
}

/**
 * How an attempt ended. `refused`: the server will say the same again. `unreachable`: it was away, busy, or did not
 * let us in, which somebody may put right.
 */
export interface MailOutcome {
  kind: "accepted" | "refused" | "unreachable";
  /** The server's code; null = none was heard. */
  code: number | null;
  text: string;
}

export type SendMail = (mail: OutgoingMail) => Promise<MailOutcome>;

/** Longest wait for the server at each step, ms; all of them together stay below the lease of a claim. */
const TIMEOUT_MS = 20_000;
const LONGEST_TEXT = 500;

/** Mails leave over SMTP. The library is loaded with the first one: most programs never send any. */
export function createMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): SendMail {
  let opening: Promise<Transporter> | undefined;
  return async (mail) => {
    opening ??= openTransport(smtpUrl);
    try {
      const transport = await opening;
      const info = await transport.sendMail({
        from,
        to: [{ name: "", address: mail.to }],
        subject: mail.subject,
        text: mail.body,
        // The same on each attempt: who gets a mail twice can tell.
        messageId: `<${mail.id}@signalbox>`,
        headers: { "Auto-Submitted": "auto-generated" },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { kind: "accepted", code: codeOf(info.response ?? ""), text: cut(info.response ?? "") };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

async function openTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
}

function outcomeOf(error: unknown): MailOutcome {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string };
  const text = cut(message ?? String(error));
  // A wrong password is the operator's to put right, and the mail is as good as before.
  const refused = code !== "EAUTH" && responseCode !== undefined && responseCode >= 500;
  return { kind: refused ? "refused" : "unreachable", code: responseCode ?? null, text };
}

function codeOf(response: string): number | null {
  const code = /^\d{3}/.exec(response)?.[0];
  return code === undefined ? null : Number(code);
}

/** Without what the database keeps no text with: a mail whose outcome cannot be written down is sent again and again. */
function cut(text: string): string {
  return text.replaceAll("\0", "").slice(0, LONGEST_TEXT);
}
