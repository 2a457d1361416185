import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { EVENT_TYPES } from "../../../src/domain/events.ts";
import { send } from "./client.ts";
import { useMay } from "./me.ts";

/**
 * What is shown is read again when an event says that it changed. A query's key begins with the noun it shows; the
 * stream is opened once for the whole portal. In a flood the pages look at most once in a while.
 */

const NOUNS: [prefix: string, nouns: string[]][] = [
  ["message.", ["messages", "conversations", "commands", "simulator", "stats", "health", "mails", "ingress"]],
  ["command.", ["commands", "stats"]],
  ["board.", ["board"]],
  ["channel.", ["channels", "health"]],
  ["contact.", ["consent"]],
  ["endpoint.", ["endpoints", "health"]],
  ["replay.", ["replays"]],
  // Every event may be one that an endpoint hears of.
  ["", ["deliveries"]],
  ["alert", ["events", "health"]],
];

/** The first look after an event, and between two looks, ms. */
const SOON_MS = 120;
const PAUSE_MS = 1_500;
/** Before a stream that was refused is asked for again, ms. */
const REFUSED_MS = 5_000;

export type LiveState = "connecting" | "live" | "away" | "off";

/** Keeps the pages live; answers whether they are. People who may not read events get pages without. */
export function useLive(): LiveState {
  const client = useQueryClient();
  const may = useMay();
  const allowed = may("GET", "/v1/events/stream");
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!allowed) return;
    const look = createLook(client);
    let source: EventSource;
    let again: ReturnType<typeof setTimeout>;
    const open = () => {
      source = new EventSource("/v1/events/stream");
      source.onopen = () => {
        setState("live");
        // What happened since the pages were read, or while the stream was away, is not told again.
        void client.invalidateQueries();
      };
      source.onerror = () => {
        setState("away");
        // Refused instead of cut off: the browser does not come back by itself.
        if (source.readyState !== EventSource.CLOSED) return;
        again = setTimeout(open, REFUSED_MS);
        askWhoIsHere(client);
      };
      for (const type of EVENT_TYPES) source.addEventListener(type, () => look.at(nounsOf(type)));
    };
    open();
    return () => {
      clearTimeout(again);
      source.close();
      look.stop();
    };
  }, [client, allowed]);
  return allowed ? state : "off";
}

/** Whose session was ended from elsewhere is led out by the refusal, instead of looking at a page that stands still. */
function askWhoIsHere(client: QueryClient): void {
  const asked = client.fetchQuery({
    queryKey: ["session"],
    queryFn: () => send("GET", "/v1/me"),
    retry: false,
  });
  asked.catch(() => undefined);
}

function nounsOf(type: string): string[] {
  return NOUNS.filter(([prefix]) => type.startsWith(prefix)).flatMap(([, nouns]) => nouns);
}

function createLook(client: QueryClient) {
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastAt = 0;
  function look(): void {
    timer = null;
    lastAt = Date.now();
    for (const noun of due) void client.invalidateQueries({ queryKey: [noun] });
    due.clear();
  }
  return {
    at(nouns: string[]) {
      for (const noun of nouns) due.add(noun);
      timer ??= setTimeout(look, Math.max(SOON_MS, lastAt + PAUSE_MS - Date.now()));
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
