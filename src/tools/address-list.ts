import { isIPv4, isIPv6 } from "node:net";

/**
 * Addresses and lists of them, compared on parsed bits and never as text. IPv4 is held as the mapped IPv6
 * address, so `::ffff:192.0.2.1` and `192.0.2.1` are one address; a zone id is cut off.
 */
export type AddressBits = readonly number[];

export interface AddressBlock {
  /** Eight words of 16 bits. */
  bits: AddressBits;
  /** 0 to 128; an IPv4 prefix is held as 96 + its length. */
  prefix: number;
  /** As it was written. */
  text: string;
}

export interface AddressList {
  blocks: AddressBlock[];
}

export type AddressListResult =
  | { ok: true; list: AddressList }
  /** `entry` is the first one that is neither an address nor a CIDR; `message` names it. */
  | { ok: false; entry: string; message: string };

const MAPPED_PREFIX = 96;

/** The bits of one address, or null when the text is not one. IPv4 only as four decimal numbers. */
export function parseAddress(text: string): AddressBits | null {
  if (isIPv4(text)) {
    const [a, b, c, d] = text.split(".").map(Number) as [number, number, number, number];
    return [0, 0, 0, 0, 0, 0xffff, (a << 8) | b, (c << 8) | d];
  }
  if (!isIPv6(text)) return null;
  const zone = text.indexOf("%");
  return parseIPv6(zone < 0 ? text : text.slice(0, zone));
}

function parseIPv6(text: string): AddressBits {
  const gap = text.indexOf("::");
  const head = words(gap < 0 ? text : text.slice(0, gap));
  if (gap < 0) return head;
  const tail = words(text.slice(gap + 2));
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function words(text: string): number[] {
  const found: number[] = [];
  if (text === "") return found;
  for (const part of text.split(":")) {
    if (part.includes(".")) {
      const [a, b, c, d] = part.split(".").map(Number) as [number, number, number, number];
      found.push((a << 8) | b, (c << 8) | d);
    } else {
      found.push(Number.parseInt(part, 16));
    }
  }
  return found;
}

/** One address or CIDR, or null. Host bits in a CIDR are allowed and ignored. */
export function parseBlock(text: string): AddressBlock | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const bits = parseAddress(address);
  if (!bits) return null;
  const base = isIPv4(address) ? MAPPED_PREFIX : 0;
  if (slash < 0) return { bits, prefix: 128, text };
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  const prefix = base + Number(length);
  return prefix <= 128 ? { bits, prefix, text } : null;
}

/** Reads a list separated by comma, blank or new line, or an array of such texts. */
export function parseAddressList(input: string | readonly string[]): AddressListResult {
  const text = typeof input === "string" ? input : input.join("\n");
  const blocks: AddressBlock[] = [];
  for (const entry of text.split(/[\s,]+/)) {
    if (entry === "") continue;
    const block = parseBlock(entry);
    if (!block) {
      return { ok: false, entry, message: `"${entry.slice(0, 60)}" is not an IP address or CIDR` };
    }
    blocks.push(block);
  }
  return { ok: true, list: { blocks } };
}

export function isMapped(bits: AddressBits): boolean {
  return bits[5] === 0xffff && !bits[0] && !bits[1] && !bits[2] && !bits[3] && !bits[4];
}

/** Whether the block holds the address. An IPv6 block such as `::/0` never holds an IPv4 address. */
export function blockHolds(block: AddressBlock, bits: AddressBits): boolean {
  if (block.prefix < MAPPED_PREFIX && isMapped(bits)) return false;
  let left = block.prefix;
  for (let i = 0; left > 0; i++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((((block.bits[i] as number) ^ (bits[i] as number)) & mask) !== 0) return false;
  }
  return true;
}

export function listHolds(list: AddressList, address: string): boolean {
  const bits = parseAddress(address);
  return bits !== null && list.blocks.some((block) => blockHolds(block, bits));
}

/** The one spelling of an address: mapped IPv4 as IPv4, IPv6 shortened, no zone. Other text unchanged. */
export function canonicalAddress(text: string): string {
  if (isIPv4(text)) return text;
  const bits = parseAddress(text);
  return bits ? formatAddress(bits) : text;
}

export function formatAddress(bits: AddressBits): string {
  if (isMapped(bits)) {
    const high = bits[6] as number;
    const low = bits[7] as number;
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  // The URL parser writes IPv6 in the shortest form.
  return new URL(`http://[${bits.map((word) => word.toString(16)).join(":")}]`).hostname.slice(1, -1);
}

/**
 * Who is calling. `X-Forwarded-For` counts only when the peer is a trusted proxy: walked from right to left,
 * trusted proxies are skipped and the first other address is the client. When every hop is trusted it is the
 * left-most. An entry that is no address ends the walk as "unknown", which no list can hold.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | readonly string[] | undefined,
  trusted: AddressList,
): string {
  let client = canonicalAddress(peer);
  if (forwardedFor === undefined || trusted.blocks.length === 0 || !listHolds(trusted, client)) return client;
  const line = typeof forwardedFor === "string" ? forwardedFor : forwardedFor.join(",");
  const hops = line.split(",");
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = (hops[i] as string).trim();
    if (hop === "") continue;
    const bits = parseAddress(withoutPort(hop));
    if (!bits) return "unknown";
    client = formatAddress(bits);
    if (!trusted.blocks.some((block) => blockHolds(block, bits))) return client;
  }
  return client;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop;
}
