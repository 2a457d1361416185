import { networkInterfaces } from "node:os";
import {
  type AddressBits,
  type AddressBlock,
  blockHolds,
  formatAddress,
  isMapped,
  parseAddress,
  parseAddressList,
  parseBlock,
} from "./address-list.ts";

/**
 * Judges the addresses outgoing calls may dial. What counts is the address of the socket; looking at the
 * text of a URL (`checkUrl`) is a courtesy when something is saved and before a call starts.
 */
export interface NetworkGuard {
  judge(address: string): Judgement;
  /** Whether a plain http or https call may go to this address. */
  judgeDial(host: string, address: string, protocol: string): DialVerdict;
  checkUrl(url: string, use: "saving" | "calling"): UrlVerdict;
}

/** `listed`: open only because an operator's ALLOW_PRIVATE_TARGETS names it. */
export type Judgement = { ok: true; listed: boolean } | { ok: false; why: string };
export type DialVerdict = { ok: true } | { ok: false; text: string };
export type UrlVerdict = { ok: true; url: URL } | { ok: false; text: string };

export interface GuardOptions {
  /** Plain http may go to public addresses too. */
  development?: boolean;
  /** Addresses of this machine; replaced in tests. */
  ownAddresses?: () => string[];
}

type Row = readonly [block: string, why: string];

const REFUSED_IPV4: readonly Row[] = [
  ["0.0.0.0/8", "this network"],
  ["10.0.0.0/8", "private"],
  ["172.16.0.0/12", "private"],
  ["192.168.0.0/16", "private"],
  ["100.64.0.0/10", "carrier NAT"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["192.0.0.0/24", "protocol assignments"],
  ["192.88.99.0/24", "6to4 relay"],
  ["192.0.2.0/24", "documentation"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["198.18.0.0/15", "benchmarking"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
  ["168.63.129.16/32", "cloud platform channel"],
];

/** Inside 2000::/3; everything outside it is refused as a whole. */
const REFUSED_IPV6: readonly Row[] = [
  ["2001::/23", "protocol assignments"],
  ["2001:db8::/32", "documentation"],
  ["3fff::/20", "documentation"],
  ["2002::/16", "6to4"],
];

/** Only words; the verdict on these is already "not global unicast". */
const NAMED_IPV6: readonly Row[] = [
  ["::1/128", "loopback"],
  ["::/128", "unspecified"],
  ["::/8", "a spelling of IPv4"],
  ["fc00::/7", "unique local"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "site-local"],
  ["ff00::/8", "multicast"],
];

/** A wide entry of the allow list does not open these: they need an entry of their own. */
const ONLY_BY_NAME: readonly string[] = [
  "169.254.169.254/32",
  "fd00:ec2::254/128",
  "168.63.129.16/32",
  "0.0.0.0/32",
  "::/128",
  "224.0.0.0/4",
  "ff00::/8",
  "255.255.255.255/32",
];

// Ports the Fetch standard refuses, so that an HTTP body is never read as mail, IRC or the like.
const BAD_PORTS = new Set(
  (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 " +
    "119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 " +
    "636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 " +
    "6697 10080"
  ).split(" "),
);
const MAX_URL_LENGTH = 2048;
const OWN_ADDRESSES_LIVE_MS = 60_000;

const refusedIPv4 = REFUSED_IPV4.map(compile);
const refusedIPv6 = REFUSED_IPV6.map(compile);
const namedIPv6 = NAMED_IPV6.map(compile);
const onlyByName = ONLY_BY_NAME.map(block);
const globalUnicast = block("2000::/3");
const nat64 = block("64:ff9b::/96");

function compile([text, why]: Row): { block: AddressBlock; why: string } {
  return { block: block(text), why };
}

function block(text: string): AddressBlock {
  const parsed = parseBlock(text);
  if (!parsed) throw new Error(`bad block in the address table: ${text}`);
  return parsed;
}

/** @param allow addresses and CIDRs that may be dialled although private; a bad entry throws. */
export function createNetworkGuard(allow: readonly string[], options: GuardOptions = {}): NetworkGuard {
  const parsed = parseAddressList(allow);
  if (!parsed.ok) throw new TypeError(`ALLOW_PRIVATE_TARGETS: ${parsed.message}`);
  const allowed = parsed.list.blocks;
  const development = options.development ?? false;
  const isOwn = ownAddressCheck(options.ownAddresses ?? interfaceAddresses);

  function isListed(bits: AddressBits): boolean {
    const byNameOnly = onlyByName.some((one) => blockHolds(one, bits));
    return allowed.some((one) => blockHolds(one, bits) && (!byNameOnly || one.prefix === 128));
  }

  function judgeBits(bits: AddressBits): Judgement {
    if (isListed(bits)) return { ok: true, listed: true };
    if (blockHolds(nat64, bits)) {
      return judgeBits([0, 0, 0, 0, 0, 0xffff, bits[6] as number, bits[7] as number]);
    }
    const why = refusal(bits);
    if (why) return { ok: false, why };
    if (isOwn(bits)) return { ok: false, why: "an address of this machine" };
    return { ok: true, listed: false };
  }

  function judge(address: string): Judgement {
    const bits = parseAddress(address);
    if (!bits) return { ok: false, why: "not an address" };
    const judged = judgeBits(bits);
    // A mapped spelling dials IPv4 through an IPv6 socket; only an operator's entry opens it.
    if (judged.ok && !judged.listed && isMapped(bits) && address.includes(":")) {
      return { ok: false, why: "a spelling of IPv4" };
    }
    return judged;
  }

  function judgeDial(host: string, address: string, protocol: string): DialVerdict {
    const judged = judge(address);
    if (!judged.ok) return { ok: false, text: refusalText(host, address, judged.why) };
    if (protocol === "https:" || judged.listed || development) return { ok: true };
    return { ok: false, text: `${host}: https is required` };
  }

  function checkUrl(text: string, use: "saving" | "calling"): UrlVerdict {
    if (text.length > MAX_URL_LENGTH) return no(`the address is longer than ${MAX_URL_LENGTH} characters`);
    if (!URL.canParse(text)) return no("not a valid URL");
    const url = new URL(text);
    if (url.protocol !== "https:" && url.protocol !== "http:") return no("only http and https are possible");
    if (url.username !== "" || url.password !== "")
      return no("user name and password do not belong in a URL");
    if (BAD_PORTS.has(url.port)) return no(`port ${url.port} is not for HTTP`);
    if (url.hash !== "") url.hash = "";
    if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
    if (use === "calling") return { ok: true, url };
    return checkSaved(url);
  }

  function checkSaved(url: URL): UrlVerdict {
    const host = bareHost(url.hostname);
    if (parseAddress(host)) {
      const verdict = judgeDial(host, host, url.protocol);
      return verdict.ok ? { ok: true, url } : verdict;
    }
    // What a name resolves to is judged when it is dialled; with nothing allowed the answer is known now.
    const localOpen = isLocalhost(host) ? judge("127.0.0.1").ok : allowed.length > 0;
    if (isInternalName(host) && !localOpen) {
      return no(
        `${host} is an internal name. An operator can allow its addresses with ALLOW_PRIVATE_TARGETS.`,
      );
    }
    if (url.protocol === "http:" && !development && allowed.length === 0) {
      return no(`${host}: https is required`);
    }
    return { ok: true, url };
  }

  return { judge, judgeDial, checkUrl };
}

function no(text: string): { ok: false; text: string } {
  return { ok: false, text };
}

/** Why an address is not for outgoing calls, by the table alone; null = public. */
function refusal(bits: AddressBits): string | null {
  if (isMapped(bits)) return refusedIPv4.find((row) => blockHolds(row.block, bits))?.why ?? null;
  if (blockHolds(globalUnicast, bits)) {
    return refusedIPv6.find((row) => blockHolds(row.block, bits))?.why ?? null;
  }
  return namedIPv6.find((row) => blockHolds(row.block, bits))?.why ?? "not global unicast";
}

function refusalText(host: string, address: string, why: string): string {
  const bits = parseAddress(address);
  if (!bits) return `${host} is not an address`;
  const plain = formatAddress(bits);
  const said = host === address ? `${host} is refused (${why})` : `${host} resolves to ${plain} (${why})`;
  return `${said}. An operator can allow it with ALLOW_PRIVATE_TARGETS=${plain}/${isMapped(bits) ? 32 : 128}.`;
}

/** `hostname` of a URL without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

export function isLocalhost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

function isInternalName(host: string): boolean {
  return isLocalhost(host) || !host.includes(".") || host.endsWith(".local") || host.endsWith(".internal");
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
}

/** Interfaces come and go, so they are read again after a minute. */
function ownAddressCheck(read: () => string[]): (bits: AddressBits) => boolean {
  let own = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  return (bits) => {
    const now = performance.now();
    if (now - readAt > OWN_ADDRESSES_LIVE_MS) {
      readAt = now;
      own = new Set(read().flatMap((text) => parseAddress(text)?.join() ?? []));
    }
    return own.has(bits.join());
  };
}
