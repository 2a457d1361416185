import { describe, expect, test } from "vitest";
import {
  canonicalAddress,
  clientAddress,
  listHolds,
  parseAddress,
  parseAddressList,
} from "../../src/tools/address-list.ts";

function list(text: string | string[]) {
  const parsed = parseAddressList(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.list;
}

describe("lists", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["192.0.2.1", "::ffff:192.0.2.1", true],
    ["192.0.2.1", "::FFFF:C000:0201", true],
    ["192.0.2.1", "::192.0.2.1", false],
    ["::ffff:192.0.2.1", "192.0.2.1", true],
    ["::ffff:192.0.2.0/120", "192.0.2.77", true],
    ["192.0.2.0/24", "192.0.2.255", true],
    ["192.0.2.0/24", "192.0.3.0", false],
    ["192.0.2.77/24", "192.0.2.1", true],
    ["192.76.120.192/27", "192.76.120.223", true],
    ["192.76.120.192/27", "192.76.120.224", false],
    ["0.0.0.0/0", "8.8.8.8", true],
    ["0.0.0.0/0", "2606:4700::1111", false],
    ["::/0", "8.8.8.8", false],
    ["::/0", "2606:4700::1111", true],
    ["2001:db8::/33", "2001:db8:7fff::1", true],
    ["2001:db8::/33", "2001:db8:8000::1", false],
    ["2001:DB8:0:0::1", "2001:db8::1", true],
    ["fe80::1", "fe80::1%eth0", true],
    ["fe80::1%eth1", "fe80::1%eth0", true],
    ["192.0.2.1, 192.0.2.2\n203.0.113.10\t198.51.100.7", "198.51.100.7", true],
    ["192.0.2.1,,\r\n ,203.0.113.10", "203.0.113.10", true],
    ["", "192.0.2.1", false],
    ["192.0.2.1", "", false],
    ["192.0.2.1", "nonsense", false],
    ["10.0.0.1", "0012.0.0.1", false],
  ])("%j holds %s: %s", (text, address, holds) => {
    expect(listHolds(list(text), address)).toBe(holds);
  });

  test("an array of texts is one list", () => {
    expect(list(["192.0.2.1", "192.0.2.2, ::1"]).blocks.map((block) => block.text)).toEqual([
      "192.0.2.1",
      "192.0.2.2",
      "::1",
    ]);
  });

  test.each([
    ["192.0.2.1, 192.0.2.256", "192.0.2.256"],
    ["192.0.2", "192.0.2"],
    ["192.0.2.01", "192.0.2.01"],
    ["192.0.2.1/33", "192.0.2.1/33"],
    ["192.0.2.1/", "192.0.2.1/"],
    ["192.0.2.1/+8", "192.0.2.1/+8"],
    ["192.0.2.1/24/8", "192.0.2.1/24/8"],
    ["::1/129", "::1/129"],
    ["example.com", "example.com"],
    ["[::1]", "[::1]"],
    ["192.0.2.1;192.0.2.2", "192.0.2.1;192.0.2.2"],
    ["0x7f000001", "0x7f000001"],
  ])("%j is refused, naming %s", (text, entry) => {
    expect(parseAddressList(text)).toEqual({
      ok: false,
      entry,
      message: `"${entry}" is not an IP address or CIDR`,
    });
  });

  test.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::", "::"],
    ["unix", "unix"],
  ])("%s is written %s", (text, written) => {
    expect(canonicalAddress(text)).toBe(written);
  });

  test("every group of an IPv6 address lands in its place", () => {
    expect(parseAddress("1:2::7:1.2.3.4")).toEqual([1, 2, 0, 0, 0, 7, 0x102, 0x304]);
    expect(parseAddress("1:2:3:4:5:6:7:8")).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(parseAddress("1::")).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("the client behind proxies", () => {
  const proxies = "10.0.0.0/8, 2001:db8::/32";
  test.each<
    [what: string, peer: string, header: string | string[] | undefined, trusted: string, client: string]
  >([
    ["no proxy", "192.0.2.9", undefined, "", "192.0.2.9"],
    ["mapped peer", "::ffff:192.0.2.9", undefined, "", "192.0.2.9"],
    ["forged header, no proxies known", "192.0.2.9", "203.0.113.1", "", "192.0.2.9"],
    ["forged header, peer is no proxy", "192.0.2.9", "203.0.113.1", proxies, "192.0.2.9"],
    ["one proxy", "10.0.0.1", "203.0.113.1", proxies, "203.0.113.1"],
    ["mapped proxy", "::ffff:10.0.0.1", "203.0.113.1", proxies, "203.0.113.1"],
    ["forged left-most entry", "10.0.0.1", "198.51.100.1, 203.0.113.1", proxies, "203.0.113.1"],
    ["several proxies", "10.0.0.1", "203.0.113.1, 10.9.9.9 ,2001:db8::5", proxies, "203.0.113.1"],
    [
      "header in several lines",
      "10.0.0.1",
      ["198.51.100.1", "203.0.113.1, 10.0.0.2"],
      proxies,
      "203.0.113.1",
    ],
    ["only proxies", "10.0.0.1", "10.0.0.3, 10.0.0.2", proxies, "10.0.0.3"],
    ["no header behind a proxy", "10.0.0.1", undefined, proxies, "10.0.0.1"],
    ["empty header", "10.0.0.1", " , ", proxies, "10.0.0.1"],
    ["port", "10.0.0.1", "203.0.113.1:4711", proxies, "203.0.113.1"],
    ["IPv6 with port", "10.0.0.1", "[2a00:1450::1]:4711", proxies, "2a00:1450::1"],
    ["mapped client", "10.0.0.1", "::ffff:203.0.113.1", proxies, "203.0.113.1"],
    ["no address", "10.0.0.1", "203.0.113.1, unknown", proxies, "unknown"],
    ["no address further left is never reached", "10.0.0.1", "rubbish, 203.0.113.1", proxies, "203.0.113.1"],
  ])("%s", (_what, peer, header, trusted, client) => {
    expect(clientAddress(peer, header, list(trusted))).toBe(client);
  });
});
