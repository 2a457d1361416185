import { useEffect } from "react";
import { isApiFault } from "../api/client.ts";
import { ErrorNote } from "../kit/error-note.tsx";

/** Between two looks whether Signalbox is back, ms. */
const LOOK_MS = 3_000;

/** In the place of a page that cannot be shown. When nobody answers it waits, and comes back by itself. */
export function PageFault({ error }: { error: unknown }) {
  const isAway = isApiFault(error) && error.status === 0;
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => void comeBack(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isAway]);
  return <ErrorNote error={error} retry={isAway ? comeBack : () => location.reload()} />;
}

/** A page that is loaded anew while nobody answers is the browser's own, and stays that. */
async function comeBack(): Promise<void> {
  if (await answers()) location.reload();
}

/** Whether the program is there at all. Proxies keep `/health` from the outside, so a file of ours is asked for. */
export function answers(): Promise<boolean> {
  return fetch("/favicon.svg", { method: "HEAD", cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
}
