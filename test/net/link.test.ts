import { describe, expect, test } from "vitest";
import { openFrame, VLAN_TAGS_MAX } from "../../src/net/link.ts";
import { MALFORMED, NOT_IP, type Outcome, Packet, UNKNOWN_LINK, WHOLE } from "../../src/net/packet.ts";
import { concat, cooked, ethernet, frameOf, LINK, loopback, tcpSegment } from "../support/network-packets.ts";

const four = tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq: 1, payload: "call" });
const six = tcpSegment({ from: "[fd09::2]:801", to: "[fd09::1]:2049", seq: 1, payload: "call" });

function open(bytes: Uint8Array, spec: Parameters<typeof frameOf>[1]): { outcome: Outcome; inside: Uint8Array | null } {
  const packet = new Packet();
  const outcome = openFrame(frameOf(bytes, spec), packet);
  const inside = outcome === WHOLE ? packet.bytes.slice(packet.start, packet.end) : null;
  if (inside !== null) expect(packet.family).toBe(inside[0]! >> 4);
  return { outcome, inside };
}

describe("the IP packet is found behind", () => {
  const nine: readonly (readonly [number, number])[] = new Array(VLAN_TAGS_MAX).fill([0x8100, 7]);
  test.each<[string, number, Uint8Array, Uint8Array]>([
    ["Ethernet, IPv4", LINK.ethernet, ethernet(four), four],
    ["Ethernet, IPv6", LINK.ethernet, ethernet(six), six],
    ["a VLAN tag", LINK.ethernet, ethernet(four, { tags: [[0x8100, 100]] }), four],
    [
      "QinQ",
      LINK.ethernet,
      ethernet(six, {
        tags: [
          [0x88a8, 5],
          [0x8100, 100],
        ],
      }),
      six,
    ],
    [
      "the old QinQ",
      LINK.ethernet,
      ethernet(four, {
        tags: [
          [0x9100, 5],
          [0x8100, 100],
        ],
      }),
      four,
    ],
    ["as many tags as allowed", LINK.ethernet, ethernet(four, { tags: nine }), four],
    ["802.3 with SNAP", LINK.ethernet, ethernet(four, { snap: true }), four],
    ["a tag and SNAP", LINK.ethernet, ethernet(six, { snap: true, tags: [[0x8100, 9]] }), six],
    ["Linux cooked", LINK.sll, cooked(four, 1), four],
    ["Linux cooked 2", LINK.sll2, cooked(six, 2), six],
    ["BSD null, little-endian", LINK.null, loopback(four, 2, "little"), four],
    ["BSD null, big-endian", LINK.null, loopback(four, 2, "big"), four],
    ["BSD null, IPv6 of Linux", LINK.null, loopback(six, 10, "little"), six],
    ["BSD null, IPv6 of NetBSD", LINK.null, loopback(six, 24, "little"), six],
    ["BSD null, IPv6 of FreeBSD", LINK.null, loopback(six, 28, "big"), six],
    ["OpenBSD loop, IPv6 of macOS", LINK.loop, loopback(six, 30, "big"), six],
    ["nothing, raw", LINK.raw, four, four],
    ["nothing, raw of BSD", 12, six, six],
    ["nothing, raw of OpenBSD", 14, four, four],
    ["nothing, IPv4", LINK.ipv4, four, four],
    ["nothing, IPv6", LINK.ipv6, six, six],
  ])("%s", (_, linkType, bytes, inside) => {
    expect(open(bytes, { linkType })).toEqual({ outcome: WHOLE, inside });
  });
});

describe("what is not IP, or not readable, is told apart", () => {
  const arp = ethernet(four);
  arp.set([8, 6], 12);
  const llc = concat(new Uint8Array(12), Uint8Array.of(0, 38, 0x42, 0x42, 3), new Uint8Array(35));
  test.each<[string, number, Uint8Array, Outcome]>([
    ["ARP", LINK.ethernet, arp, NOT_IP],
    ["spanning tree in LLC", LINK.ethernet, llc, NOT_IP],
    ["a family nobody has", LINK.null, loopback(four, 99, "little"), NOT_IP],
    ["raw, version 5", LINK.raw, Uint8Array.of(0x50, 0, 0, 0), NOT_IP],
    [
      "too many tags",
      LINK.ethernet,
      ethernet(four, { tags: new Array(VLAN_TAGS_MAX + 1).fill([0x8100, 1]) }),
      MALFORMED,
    ],
    ["13 bytes of Ethernet", LINK.ethernet, ethernet(four).slice(0, 13), MALFORMED],
    ["half a tag", LINK.ethernet, ethernet(four, { tags: [[0x8100, 1]] }).slice(0, 16), MALFORMED],
    ["15 bytes of cooked", LINK.sll, cooked(four, 1).slice(0, 15), MALFORMED],
    ["19 bytes of cooked 2", LINK.sll2, cooked(four, 2).slice(0, 19), MALFORMED],
    ["3 bytes of null", LINK.null, new Uint8Array(3), MALFORMED],
    ["no byte of raw", LINK.raw, new Uint8Array(0), MALFORMED],
    ["IEEE 802.11", 105, four, UNKNOWN_LINK],
    ["a number nobody gave away", 0xffff, four, UNKNOWN_LINK],
  ])("%s", (_, linkType, bytes, outcome) => {
    expect(open(bytes, { linkType }).outcome).toBe(outcome);
  });

  test("a frame check sequence is no part of the packet", () => {
    const bytes = ethernet(four, { trailer: Uint8Array.of(1, 2, 3, 4) });
    expect(open(bytes, { linkType: LINK.ethernet, fcsLength: 4 }).inside).toEqual(four);
  });

  test("a frame check sequence that the snap length cut off is not cut off again", () => {
    const bytes = ethernet(four, { trailer: Uint8Array.of(1, 2, 3, 4) });
    const cut = { linkType: LINK.ethernet, fcsLength: 4, snaplen: bytes.length - 10 };
    expect(open(bytes, cut).inside).toEqual(four.slice(0, four.length - 6));
  });
});
