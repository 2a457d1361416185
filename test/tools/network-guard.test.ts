import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bareHost, createNetworkGuard } from "../../src/tools/network-guard.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { FORBIDDEN } from "../support/spellings.ts";

const guard = createNetworkGuard([], { ownAddresses: () => [] });

/** The table once more, read by another machine: big integers and nothing shared with the guard. */
const REFUSED_IPV4 = (
  "0.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 " +
  "192.88.99.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4 " +
  "168.63.129.16/32"
)
  .split(" ")
  .map((row) => {
    const [address, length] = row.split("/") as [string, string];
    const value = address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return { value, size: 2n ** (32n - BigInt(length)), length: Number(length) };
  });

const REFUSED_IPV6 = [
  [0x2001_0000n << 96n, 23],
  [0x2001_0db8n << 96n, 32],
  [0x3fff_0000n << 96n, 20],
  [0x2002_0000n << 96n, 16],
] as const;
const NAT64 = 0x64_ff9bn << 96n;

function within(value: bigint, start: bigint, size: bigint): boolean {
  return value >= start && value < start + size;
}

function expectedIPv4(value: bigint): boolean {
  return !REFUSED_IPV4.some((row) => within(value, row.value, row.size));
}

function expectedIPv6(value: bigint): boolean {
  if (within(value, NAT64, 2n ** 32n)) return expectedIPv4(value - NAT64);
  if (value >> 125n !== 1n) return false;
  return !REFUSED_IPV6.some(([start, length]) => within(value, start, 2n ** BigInt(128 - length)));
}

function writeIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

function writeIPv6(value: bigint, style: number): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const plain = groups.join(":");
  if (style === 0) return plain;
  if (style === 1)
    return groups
      .map((group) => group.padStart(4, "0"))
      .join(":")
      .toUpperCase();
  if (style === 2) return `${groups.slice(0, 6).join(":")}:${writeIPv4(value & 0xffffffffn)}`;
  if (style === 3) return `${plain}%eth0`;
  return new URL(`http://[${plain}]`).hostname.slice(1, -1);
}

/** Edges of the blocks and what lies beside them, besides evenly spread ones. */
const anyIPv4 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
  fc
    .tuple(fc.constantFrom(...REFUSED_IPV4), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
    .map(([row, step, end]) => (row.value + (end ? row.size : 0n) + step + 2n ** 32n) % 2n ** 32n),
);
const starts = [
  ...REFUSED_IPV6.map(([start]) => start),
  NAT64,
  1n << 125n,
  3n << 125n,
  0xfen << 120n,
  0xfcn << 120n,
];
const anyIPv6 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  fc.bigInt({ min: 1n << 125n, max: (1n << 126n) - 1n }),
  anyIPv4.map((low) => NAT64 + low),
  anyIPv4.map((low) => (0xffffn << 32n) + low),
  fc
    .tuple(fc.constantFrom(...starts), fc.integer({ min: 0, max: 112 }), fc.bigInt({ min: -1n, max: 1n }))
    .map(([start, bits, step]) => (start + step * 2n ** BigInt(bits) + 2n ** 128n) % 2n ** 128n),
);

describe("the table", () => {
  test("agrees with a second reading of it for IPv4", () => {
    fc.assert(
      fc.property(anyIPv4, (value) => {
        expect(guard.judge(writeIPv4(value)).ok).toBe(expectedIPv4(value));
      }),
      { numRuns: 5_000 },
    );
  });

  test("agrees with a second reading of it for IPv6 in any spelling", () => {
    fc.assert(
      fc.property(anyIPv6, fc.integer({ min: 0, max: 4 }), (value, style) => {
        expect(guard.judge(writeIPv6(value, style)).ok).toBe(expectedIPv6(value));
      }),
      { numRuns: 10_000 },
    );
  });

  test("addresses of this machine are refused, and read anew", () => {
    const own = createNetworkGuard([], { ownAddresses: () => ["8.8.4.4", "2606:4700::1"] });
    expect(own.judge("8.8.4.4")).toEqual({ ok: false, why: "an address of this machine" });
    expect(own.judge("2606:4700:0::1").ok).toBe(false);
    expect(own.judge("8.8.8.8")).toEqual({ ok: true, listed: false });
  });

  test.each(["", "example.com", "1.2.3", "0x7f.1", "[::1]", "::g"])("%j is no address", (text) => {
    expect(guard.judge(text)).toEqual({ ok: false, why: "not an address" });
  });
});

describe("spellings of forbidden targets", () => {
  // Development, so that missing https is not what refuses them.
  const http = createOutboundHttp({ allowPrivateTargets: [], development: true });

  test.each(FORBIDDEN)("%s is never dialled", async (text, host) => {
    expect(URL.parse(text)?.hostname ?? null).toBe(host);
    const answer = await http.call({ method: "GET", url: text, headers: {}, timeoutMs: 5_000 });
    expect(answer).toMatchObject({ ok: false, reached: false, code: "target_refused" });
    expect(createNetworkGuard([], { development: true }).checkUrl(text, "saving").ok).toBe(false);
  });

  test.each(["0127.0.0.1", "[64:ff9b::808:808]", "[2606:4700::1111]", "8.8.8.8"])(
    "%s is fair game",
    (text) => {
      const checked = guard.checkUrl(`https://${text}/hook`, "saving");
      expect(checked.ok && guard.judge(bareHost(checked.url.hostname)).ok).toBe(true);
    },
  );
});

describe("what an operator allows", () => {
  const wide = createNetworkGuard(["0.0.0.0/0", "::/0"], { ownAddresses: () => [] });

  test.each(["10.1.2.3", "127.0.0.1", "::1", "fd00::1", "192.168.1.1", "::ffff:10.1.2.3"])(
    "%s opens",
    (address) => {
      expect(wide.judge(address)).toEqual({ ok: true, listed: true });
    },
  );

  test.each([
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "168.63.129.16",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
  ])("a wide entry does not open %s, its own does", (address) => {
    expect(wide.judge(address).ok).toBe(false);
    expect(createNetworkGuard([address]).judge(address)).toEqual({ ok: true, listed: true });
  });

  test("a bad entry is named", () => {
    expect(() => createNetworkGuard(["10.0.0.0/8", "10.0.0.300"])).toThrow(
      'ALLOW_PRIVATE_TARGETS: "10.0.0.300" is not an IP address or CIDR',
    );
  });

  test("the refusal says what would help", () => {
    expect(guard.judgeDial("hooks.example.test", "10.1.2.3", "https:")).toEqual({
      ok: false,
      text: "hooks.example.test resolves to 10.1.2.3 (private). An operator can allow it with ALLOW_PRIVATE_TARGETS=10.1.2.3/32.",
    });
    expect(guard.judgeDial("::1", "::1", "https:")).toEqual({
      ok: false,
      text: "::1 is refused (loopback). An operator can allow it with ALLOW_PRIVATE_TARGETS=::1/128.",
    });
  });

  test("https is required but for listed addresses and development", () => {
    const listed = createNetworkGuard(["10.0.0.0/8"]);
    const development = createNetworkGuard([], { development: true });
    expect(guard.judgeDial("a.example", "8.8.8.8", "http:").ok).toBe(false);
    expect(guard.judgeDial("a.example", "8.8.8.8", "https:").ok).toBe(true);
    expect(listed.judgeDial("a.example", "10.1.2.3", "http:").ok).toBe(true);
    expect(listed.judgeDial("a.example", "8.8.8.8", "http:").ok).toBe(false);
    expect(development.judgeDial("a.example", "8.8.8.8", "http:").ok).toBe(true);
    expect(development.judgeDial("a.example", "10.1.2.3", "http:").ok).toBe(false);
  });
});

describe("URLs", () => {
  test.each([
    ["https://hooks.example.com/a?b=c#d", true],
    ["https://hooks.example.com.:8443/a", true],
    ["http://hooks.example.com/a", false],
    ["ftp://hooks.example.com/a", false],
    ["https://user@hooks.example.com/", false],
    ["https://:secret@hooks.example.com/", false],
    ["https://hooks.example.com:0/", false],
    ["https://hooks.example.com:25/", false],
    ["https://hooks.example.com:6667/", false],
    [`https://hooks.example.com/${"a".repeat(2048)}`, false],
    ["https://localhost/", false],
    ["https://app.localhost/", false],
    ["https://printer.local/", false],
    ["https://metadata.google.internal/", false],
    ["https://intranet/", false],
    ["https://10.0.0.1/", false],
    ["nonsense", false],
  ])("%s may be saved: %s", (url, ok) => {
    expect(guard.checkUrl(url, "saving").ok).toBe(ok);
  });

  test("the fragment and one trailing dot go", () => {
    const checked = guard.checkUrl("https://hooks.example.com.:8443/a?b#c", "calling");
    expect(checked.ok && checked.url.href).toBe("https://hooks.example.com:8443/a?b");
  });

  test("internal names may be saved once an operator allowed something private", () => {
    const listed = createNetworkGuard(["127.0.0.0/8"]);
    expect(listed.checkUrl("http://localhost:9000/", "saving").ok).toBe(true);
    expect(listed.checkUrl("http://intranet/", "saving").ok).toBe(true);
    expect(createNetworkGuard(["10.0.0.0/8"]).checkUrl("http://localhost/", "saving").ok).toBe(false);
  });
});
