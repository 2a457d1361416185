/**
 * The path of an address, as the browser itself reads it, when it is one of our pages; else the start. An address that
 * somebody else gave leads nowhere: `//evil.example`, `/\\evil.example` and `/.//evil.example` are other sites.
 */
export function pageOfOurs(address: string, origin: string): string {
  const url = URL.parse(address, origin);
  if (url?.origin !== origin || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}
