import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/net/address.ts";
import { addressBytes } from "../support/network-packets.ts";

function canonical(text: string): string {
  const bytes = addressBytes(text);
  const view = new DataView(bytes.buffer);
  if (bytes.length === 4) return formatAddress(4, view.getInt32(0), 0, 0, 0);
  return formatAddress(6, view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12));
}

describe("addresses are written as RFC 5952 says", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    ["255.255.255.254", "255.255.255.254"],
    ["0.0.0.0", "0.0.0.0"],
    ["::", "::"],
    ["::1", "::1"],
    ["fd09::1", "fd09::1"],
    ["fe80:0:0:0:0:0:0:0", "fe80::"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8:AAAA:0BBB:CCCC:DDDD:EEEE:0FFF", "2001:db8:aaaa:bbb:cccc:dddd:eeee:fff"],
    ["::ffff:a00:1", "::ffff:10.0.0.1"],
    ["0:0:0:0:1:ffff:a00:1", "::1:ffff:a00:1"],
  ])("%s is %s", (given, expected) => {
    expect(canonical(given)).toBe(expected);
  });
});
