import type { FormatContext, HookContact, HookEvent, HookFormat } from "./types.ts";

/**
 * Mobiniti's webhooks: six kinds of objects without a name of their own, so an endpoint takes one kind. Its
 * receivers do not tell repeats apart.
 */
export const format: HookFormat = {
  format: "mobiniti",
  title: "Mobiniti",
  help: "One kind of event per address, in Mobiniti's shapes.",
  mac: false,
  isNative: false,
  isCautious: true,
  timeoutMs: 60_000,
  render(event, context) {
    if (event.type === "webhook.test") return { skip: NO_TEST };
    const kind = String(context.options.kind ?? "");
    const body = KINDS.get(kind)?.(event, context);
    return body === undefined || body === null
      ? { skip: `${event.type} is no ${kind || "known"} event` }
      : { body: JSON.stringify(body) };
  },
};

const NO_TEST =
  "nothing was sent: Mobiniti's bodies do not say what they are, so a test would be taken for true";

interface Message {
  id: string;
  from: string;
  to: string;
  text: string;
  contactId: string | null;
  createdAt: string;
}

interface Told {
  message: Message;
  class: string;
  receivedAt: string;
  error: { code: string; text: string; fault: string } | null;
  phone: string;
  address: string;
  bounces: number;
  to: string;
  at: string;
}

type Kind = (event: HookEvent, context: FormatContext) => object | null;

/** What stands in front of every object about a person. */
function person(contact: HookContact | null, contactId: string | null) {
  return { id: contact?.id ?? contactId, first_name: null, last_name: null, email: null };
}

function times(contact: HookContact | null, event: HookEvent) {
  return {
    created_at: contact?.createdAt ?? event.timestamp,
    updated_at: contact?.updatedAt ?? event.timestamp,
  };
}

const KINDS = new Map<string, Kind>([
  [
    "inbound",
    (event, { contact, options }) => {
      if (event.type !== "message.received") return null;
      const told = JSON.parse(event.data) as Told;
      if (options.unknownOnly === true && told.class !== "other") return null;
      const { message } = told;
      return {
        ...person(contact, message.contactId),
        short_code: message.to,
        phone_number: message.from,
        message: message.text,
        unsubscribed_at: contact?.unsubscribedAt ?? null,
        ...times(contact, event),
        received_at: told.receivedAt,
      };
    },
  ],
  [
    "unsubscribe",
    (event, { contact }) => {
      if (event.type !== "contact.unsubscribed") return null;
      const told = JSON.parse(event.data) as Told;
      return {
        ...person(contact, null),
        phone_number: told.phone,
        to: told.address,
        unsubscribed_at: told.at,
        ...times(contact, event),
      };
    },
  ],
  [
    "bounce",
    (event, { contact, options }) => {
      if (event.type !== "contact.bounced") return null;
      const told = JSON.parse(event.data) as Told;
      if (told.bounces < Number(options.threshold ?? 1)) return null;
      return {
        ...person(contact, null),
        phone_number: told.phone,
        unsubscribed_at: contact?.unsubscribedAt ?? null,
        bounces: told.bounces,
        ...times(contact, event),
      };
    },
  ],
  ["delivery-report", deliveryReport],
  [
    "contact-status",
    (event, { contact }) => {
      if (event.type !== "contact.status_changed") return null;
      const told = JSON.parse(event.data) as Told;
      if (!["suspended", "deactivated", "resumed", "transferred"].includes(told.to)) return null;
      return {
        ...person(contact, null),
        phone_number: told.phone,
        status: told.to,
        ...times(contact, event),
      };
    },
  ],
  [
    "rejected",
    (event) => {
      if (event.type !== "message.rejected" && event.type !== "message.failed") return null;
      const { error } = JSON.parse(event.data) as Told;
      const code = error?.code ?? "unknown";
      const said = error?.text ?? "";
      return { code, message: said, description: said };
    },
  ],
]);

/** Only 100 is publicly documented; the others are ours. */
const REPORTS = {
  delivered: { code: "100", status: "The message delivered successfully.", success: true, bounce: false },
  undelivered: { code: "900", status: "The message was not delivered.", success: false, bounce: false },
  unreachable: { code: "901", status: "The recipient cannot be reached.", success: false, bounce: true },
  expired: { code: "902", status: "The message expired.", success: false, bounce: false },
};

function deliveryReport(event: HookEvent): object | null {
  const told = JSON.parse(event.data) as Told;
  const report = reportOf(event.type, told);
  if (report === null) return null;
  const { message } = told;
  const { success, bounce, ...said } = report;
  const digits = message.to.replace(/^\+/, "");
  return {
    total_messages: 1,
    statuses: [{ ...said, count: 1, recipients: [digits], success, bounce }],
    messages: [
      {
        id: message.id,
        from: message.from,
        message: message.text,
        phone_number: /^1\d{10}$/.test(digits) ? digits.slice(1) : digits,
        metadata: [],
      },
    ],
  };
}

function reportOf(type: string, { error }: Told) {
  if (type === "message.delivered") return REPORTS.delivered;
  // Only what a carrier reported is a delivery report.
  if (type !== "message.failed" || error?.fault === "channel" || error?.fault === "hub") return null;
  if (error?.code === "expired") return REPORTS.expired;
  return error?.fault === "recipient" ? REPORTS.unreachable : REPORTS.undelivered;
}
