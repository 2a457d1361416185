import type { FastifyRequest } from "fastify";
import { HubError } from "../domain/errors.ts";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site makes a browser send with our cookie: a request that changes something names the page
 * it comes from, and that is one of ours. Ours are PUBLIC_URL, and whatever address the request itself was sent to;
 * a browser lets no page choose either of the two headers.
 */
export function refuseForeignOrigin(
  request: FastifyRequest,
  publicUrl: string,
  options: { isNeeded: boolean },
): void {
  if (READS.has(request.method)) return;
  const { origin, host } = request.headers;
  if (origin === undefined && !options.isNeeded) return;
  const url = origin === undefined ? null : URL.parse(origin);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isHttp && isOurs(url, new URL(publicUrl), host?.toLowerCase())) return;
  throw new HubError("forbidden", "This request does not come from a page of this portal.");
}

/** Where the portal is known by https, a page of the same name without it was put there by somebody on the way. */
function isOurs(page: URL, portal: URL, host: string | undefined): boolean {
  if (page.origin === portal.origin) return true;
  const isFake =
    portal.protocol === "https:" && page.protocol === "http:" && page.hostname === portal.hostname;
  return page.host === host && !isFake;
}
