import type { ActiveChannel } from "../../channels/types.ts";
import type { DownloadAnswer, DownloadRequest } from "../../tools/outbound-http.ts";

/*
 * Gets one file from where the provider keeps it. The address came with a text, so it is believed as little as
 * the text: it must be on the channel's list, and each redirect is looked at as if it had been the first address.
 * What may be dialled at all is judged below, where the socket opens.
 */

/** Whole fetch, redirects included, ms. */
const TOTAL_MS = 30_000;
const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

export type Download = (request: DownloadRequest) => Promise<DownloadAnswer>;

export type Fetched =
  | { kind: "got"; content: Buffer }
  /** Will not be asked for again. */
  | { kind: "refused"; reason: string; detail?: string }
  | { kind: "larger" }
  | { kind: "failed"; reason: string }
  /** Given up because the program stops. */
  | { kind: "stopped" };

export async function fetchFile(
  sourceUrl: string,
  channel: Pick<ActiveChannel, "provider" | "settings">,
  options: { download: Download; maxBytes: number; signal: AbortSignal },
): Promise<Fetched> {
  const until = performance.now() + TOTAL_MS;
  const first = URL.parse(sourceUrl);
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!url || !first) return refused("Its address cannot be read.");
    if (!isListed(url, channel)) return refused(`${url.hostname} is no host of this provider's files.`);
    const answer = await options.download({
      url: url.href,
      headers: { accept: "*/*", "accept-encoding": "identity", ...credentials(url, first, channel) },
      maxBytes: options.maxBytes,
      timeoutMs: Math.max(1, Math.ceil(until - performance.now())),
      signal: options.signal,
    });
    const location = answer.ok && REDIRECTS.includes(answer.status) ? answer.headers.location : undefined;
    if (location === undefined) return judged(answer);
    url = URL.parse(location, url);
  }
  return refused(`It is redirected more than ${MOST_REDIRECTS} times.`);
}

function judged(answer: DownloadAnswer): Fetched {
  if (!answer.ok) {
    if (answer.code === "aborted") return { kind: "stopped" };
    if (answer.code === "target_refused") return refused("Its address may not be called.", answer.text);
    if (answer.code === "timeout") return failed(`It did not come within ${TOTAL_MS / 1_000} seconds.`);
    return failed(`The provider could not be reached (${answer.code}).`);
  }
  if (answer.status !== 200) return failed(`The provider answers HTTP ${answer.status}.`);
  if (!answer.isWhole) return { kind: "larger" };
  return answer.body.length === 0 ? failed("It is empty.") : { kind: "got", content: answer.body };
}

function refused(reason: string, detail?: string): Fetched {
  return { kind: "refused", reason, ...(detail !== undefined && { detail }) };
}

function failed(reason: string): Fetched {
  return { kind: "failed", reason };
}

type Source = Pick<ActiveChannel, "provider" | "settings">;

function isListed(url: URL, { provider, settings }: Source): boolean {
  const more = typeof settings.mediaHosts === "string" ? settings.mediaHosts.split(/[\s,]+/) : [];
  const patterns = [...(provider.mediaHosts ?? []), ...more];
  return isApi(url, settings) || patterns.some((pattern) => fits(url, pattern.toLowerCase()));
}

/**
 * The provider's credentials go to its own hosts alone, never in the clear, and behind a redirect to another host
 * not even there: the address that is redirected to has its own proof in it.
 */
function credentials(url: URL, first: URL, { provider, settings }: Source): Record<string, string> {
  const { mediaAuth } = provider;
  if (!mediaAuth || url.origin !== first.origin) return {};
  const isOwn =
    isApi(url, settings) ||
    (url.protocol === "https:" && mediaAuth.hosts.some((pattern) => fits(url, pattern)));
  return isOwn ? mediaAuth.headers(settings) : {};
}

/** A base set for tests or a region stands for the provider's own address. */
function isApi(url: URL, settings: ActiveChannel["settings"]): boolean {
  const { apiUrl } = settings;
  return typeof apiUrl === "string" && URL.parse(apiUrl.trim())?.origin === url.origin;
}

function fits(url: URL, pattern: string): boolean {
  const [host = "", ...path] = pattern.split("/");
  const name = url.hostname.replace(/\.$/, "");
  const isHost = host === "*" || (host.startsWith("*.") ? name.endsWith(host.slice(1)) : name === host);
  return isHost && (path.length === 0 || url.pathname.startsWith(`/${path.join("/")}/`));
}
