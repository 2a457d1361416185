import { nowMs, serve, tell } from "./child.ts";
import { type LeanAnswer, type LeanRequest, startLeanServer } from "./lean-server.ts";

/**
 * The provider's side: takes texts as Mobiniti's API does (`POST /v1/message`), as Twilio's does, and as Kannel's HTTP
 * SMSC is told to send them, and is the small service Kannel asks what to reply. Keeps what each recipient got, in order.
 */
export interface Received {
  /** Replies in all. */
  count: number;
  /** When the newest came. */
  lastAt: number;
  /** Texts and times by recipient, in order. */
  texts: Map<string, string[]>;
  times: Map<string, number[]>;
}

export interface WatchedText {
  to: string;
  text: string;
}

const received: Received = { count: 0, lastAt: 0, texts: new Map(), times: new Map() };
/** Phones whose texts are told at once. */
let watched = new Set<string>();
/** Nobody asks twice at a time, so the first is the only one. */
const waiting: { count: number; resolve: () => void }[] = [];

function keep(to: string, text: string): void {
  const at = nowMs();
  received.count++;
  received.lastAt = at;
  const texts = received.texts.get(to);
  if (texts) {
    texts.push(text);
    received.times.get(to)?.push(at);
  } else {
    received.texts.set(to, [text]);
    received.times.set(to, [at]);
  }
  if (watched.has(to)) tell({ to, text } satisfies WatchedText);
  while (waiting[0] && received.count >= waiting[0].count) waiting.shift()?.resolve();
}

function handle({ method, path, body }: LeanRequest): LeanAnswer {
  if (method === "POST" && path === "/v1/message") {
    const { phone_number, message } = JSON.parse(body) as { phone_number: string; message: string };
    keep(phone_number, message);
    const id = `m-${received.count}`;
    return json(200, `{"data":{"id":"${id}"},"id":"${id}"}`);
  }
  if (method === "POST" && /^\/2010-04-01\/Accounts\/\w+\/Messages\.json$/.test(path)) {
    const form = new URLSearchParams(body);
    keep(form.get("To") ?? "", form.get("Body") ?? "");
    return json(201, `{"sid":"SM${received.count}","status":"queued"}`);
  }
  const [route, query = ""] = path.split("?", 2);
  if (route === "/kannel/ask") {
    // "open gate 1" becomes "Gate 1 is now open".
    const [verb = "", ...name] = (new URLSearchParams(query).get("text") ?? "").trim().split(/\s+/);
    const item = name.join(" ").replace(/^./, (letter) => letter.toUpperCase());
    const state = verb.toLowerCase() === "open" ? "open" : "closed";
    const body = `${item} is now ${state}. Reply UNDO within 2 min to set ${item} back.`;
    return { status: 200, type: "text/plain", body };
  }
  if (route === "/kannel/send") {
    const parameters = new URLSearchParams(query);
    keep(parameters.get("to") ?? "", parameters.get("text") ?? "");
    return { status: 200, type: "text/plain", body: "taken" };
  }
  if (method === "GET" && route === "/v1/contacts") return json(200, '{"data":[]}');
  return json(404, '{"message":"Not Found"}');
}

function json(status: number, body: string): LeanAnswer {
  return { status, type: "application/json", body };
}

serve({
  listen: () => startLeanServer(handle),
  received: () => received,
  count: () => ({ count: received.count, lastAt: received.lastAt }),
  forget() {
    received.count = 0;
    received.lastAt = 0;
    waiting.length = 0;
    received.texts.clear();
    received.times.clear();
  },
  watch(phones: string[]) {
    watched = new Set(phones);
  },
  /** Whether so many replies came within that time. */
  waitFor(wanted: { count: number; seconds: number }) {
    if (received.count >= wanted.count) return true;
    return new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, wanted.seconds * 1_000, false);
      waiting.push({
        count: wanted.count,
        resolve() {
          clearTimeout(timer);
          resolve(true);
        },
      });
    });
  },
});
