import type { FastifyRequest } from "fastify";

/** Browsers take a `__Host-` cookie only over https and keep it from every other host and path. */
export function cookiePrefixAt(url: string): string {
  return url.startsWith("https:") ? "__Host-signalbox" : "signalbox";
}

/** A cookie as it was sent; null = there is none. */
export function cookieNamed(request: FastifyRequest, name: string): string | null {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
