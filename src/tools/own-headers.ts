/** Headers of a webhook that belong to the owner of its address, beside those that are signed or the connection's. */

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/;
const TAKEN =
  /^(?:webhook-.*|x-signalbox-.*|x-mac-signature|content-(?:type|length|encoding)|user-agent|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*)$/;

/** What is wrong with a header's name, whatever its case; null = it may be an owner's. */
export function faultOfHeaderName(name: string): string | null {
  const header = name.toLowerCase();
  if (!NAME.test(header)) return "is no name of a header";
  return TAKEN.test(header) ? "is set by Signalbox and cannot be replaced" : null;
}
