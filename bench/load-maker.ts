import { nowMs, serve, tell } from "./child.ts";
import { type LeanConnection, openLeanConnection } from "./lean-client.ts";
import { inboundBody, type TextSource, textAt } from "./texts.ts";

/** The process that sends texts: as webhooks of Mobiniti, or as plain GET requests as Kannel takes them. */
export interface LoadPlan {
  port: number;
  path: string;
  form: "mobiniti" | "kannel";
  connections: number;
  source: TextSource;
  /** Stops after so many texts, or after so many seconds. */
  count: number | null;
  seconds: number | null;
  /** Texts per second over all connections; null = as fast as they are answered. */
  rate: number | null;
  /** Paced texts leave on time, on further connections if need be, instead of waiting for a free one. */
  openLoop: boolean;
  /** Sends the same again until it is taken. */
  retry: boolean;
}

export interface LoadResult {
  /** Answered with success. */
  taken: number;
  /** Answered otherwise, or not at all, and not sent again. */
  refused: number;
  retries: number;
  firstAt: number;
  lastAt: number;
  /** When the first byte of each text left, by number. */
  sentAt: Float64Array;
  answerP50: number;
  answerP99: number;
}

export interface LoadProgress {
  taken: number;
}

const RETRY_AFTER_MS = 20;
const TELL_EVERY = 8;

function run(plan: LoadPlan): Promise<LoadResult> {
  const most = plan.count ?? Number.POSITIVE_INFINITY;
  const until = plan.seconds === null ? Number.POSITIVE_INFINITY : nowMs() + plan.seconds * 1_000;
  const started = nowMs();
  const sentAt: number[] = [];
  const answers: number[] = [];
  const result = { taken: 0, refused: 0, retries: 0, firstAt: 0, lastAt: 0 };
  const connections: LeanConnection[] = [];

  function post(connection: LeanConnection, index: number, next: () => void): void {
    const request = render(plan, index);
    const send = () => {
      const at = nowMs();
      result.firstAt ||= at;
      sentAt[index] ??= at;
      connection.send(request, (status) => {
        const ended = nowMs();
        if (status !== null && status >= 200 && status < 300) {
          answers.push(ended - at);
          result.lastAt = ended;
          result.taken++;
          if (plan.retry && result.taken % TELL_EVERY === 0)
            tell({ taken: result.taken } satisfies LoadProgress);
        } else if (plan.retry) {
          result.retries++;
          setTimeout(send, RETRY_AFTER_MS);
          return;
        } else {
          result.refused++;
        }
        next();
      });
    };
    send();
  }

  /** A sender's texts follow each other on one connection, so that they arrive in order. */
  function closedLoop(lane: number, ended: () => void): void {
    const connection = openLeanConnection(plan.port);
    connections.push(connection);
    const turns = turnsOfLane(plan, lane);
    const next = () => {
      const mine = turns.next().value ?? most;
      if (mine >= most || nowMs() >= until) return ended();
      const wait = plan.rate === null ? 0 : started + (mine / plan.rate) * 1_000 - nowMs();
      if (wait > 1) setTimeout(post, wait, connection, mine, next);
      else post(connection, mine, next);
    };
    next();
  }

  function openLoop(rate: number, ended: () => void): void {
    const idle: LeanConnection[] = [];
    let index = 0;
    let running = 0;
    const timer = setInterval(() => {
      while (index < most && started + (index / rate) * 1_000 <= nowMs()) {
        const connection = idle.pop() ?? openLeanConnection(plan.port);
        running++;
        post(connection, index++, () => {
          idle.push(connection);
          if (--running === 0 && index >= most) {
            clearInterval(timer);
            connections.push(...idle);
            ended();
          }
        });
      }
    }, 1);
  }

  return new Promise((resolve) => {
    let open = plan.openLoop ? 1 : plan.connections;
    const ended = () => {
      if (--open > 0) return;
      for (const connection of connections) connection.close();
      answers.sort((a, b) => a - b);
      const at = (share: number) => answers[Math.floor((answers.length - 1) * share)] ?? 0;
      resolve({ ...result, sentAt: Float64Array.from(sentAt), answerP50: at(0.5), answerP99: at(0.99) });
    };
    if (plan.openLoop) openLoop(plan.rate ?? 100, ended);
    else for (let lane = 0; lane < plan.connections; lane++) closedLoop(lane, ended);
  });
}

/** Numbers of the texts of one connection's senders, in order; strangers send one text each. */
function* turnsOfLane({ source, connections }: LoadPlan, lane: number): Generator<number> {
  if (source.kind === "strangers") for (let index = lane; ; index += connections) yield index;
  for (let turn = 0; lane < source.reporters; turn++) {
    for (let sender = lane; sender < source.reporters; sender += connections) {
      yield turn * source.reporters + sender;
    }
  }
}

function render(plan: LoadPlan, index: number): string {
  const text = textAt(plan.source, index);
  const host = `Host: 127.0.0.1:${plan.port}\r\n`;
  if (plan.form === "kannel") {
    const query = `username=bench&password=bench&from=${encodeURIComponent(text.from)}&to=64600&text=${encodeURIComponent(text.text)}`;
    return `GET ${plan.path}?${query} HTTP/1.1\r\n${host}\r\n`;
  }
  const body = inboundBody(text, index);
  // The body is ASCII: its length is its number of bytes.
  return `POST ${plan.path} HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

serve({ run });
