import { describe, expect, test } from "vitest";
import { EXTENSION_HEADERS_MAX, openIpv6 } from "../../src/net/ipv6.ts";
import { FRAGMENT, MALFORMED, type Outcome, Packet, WHOLE } from "../../src/net/packet.ts";
import { type IpSpec, ipPacket, toBytes } from "../support/network-packets.ts";

function open(bytes: Uint8Array, captured = bytes.length): { outcome: Outcome; payload: string; packet: Packet } {
  const packet = new Packet();
  packet.bytes = bytes;
  packet.end = captured;
  packet.wireEnd = bytes.length;
  const outcome = openIpv6(packet);
  return { outcome, payload: Buffer.from(bytes.subarray(packet.start, packet.end)).toString("latin1"), packet };
}

function write(ip: IpSpec = {}, payload: Uint8Array = toBytes("payload")): Uint8Array {
  return ipPacket(6, "fd09::2", "fd09::1", payload, ip);
}

/** An extension header of 8 or more bytes, without its next-header field. */
function extension(units: number, ...head: number[]): Uint8Array {
  const bytes = new Uint8Array(units * 8 + 7);
  bytes[0] = units;
  bytes.set(head, 1);
  return bytes;
}

const HOP = 0;
const ROUTING = 43;
const FRAGMENTS = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;

describe("IPv6", () => {
  test("addresses and payload", () => {
    const { outcome, payload, packet } = open(write());
    expect([outcome, payload]).toEqual([WHOLE, "payload"]);
    expect(packet).toMatchObject({ source0: 0xfd090000 | 0, source3: 2, destination3: 1, protocol: 6 });
  });

  test("all extension headers are stepped over", () => {
    const authentication = new Uint8Array(15);
    authentication[0] = 2;
    const extensions: [number, Uint8Array][] = [
      [HOP, extension(0, 1, 4)],
      [DESTINATION, extension(2)],
      [ROUTING, extension(1)],
      [AUTHENTICATION, authentication],
      [135, extension(0)],
      [139, extension(0)],
      [140, extension(0)],
    ];
    const { outcome, payload, packet } = open(write({ extensions }));
    expect([outcome, payload, packet.protocol]).toEqual([WHOLE, "payload", 6]);
  });

  test("a fragment header of a whole datagram changes nothing", () => {
    const { outcome, payload } = open(write({ extensions: [[FRAGMENTS, Uint8Array.of(0, 0, 0, 0, 0, 0, 9)]] }));
    expect([outcome, payload]).toEqual([WHOLE, "payload"]);
  });

  test("a fragment", () => {
    const { outcome, packet } = open(write({ extensions: [[FRAGMENTS, Uint8Array.of(0, 0, 9, 0, 0, 0, 9)]] }));
    expect(outcome).toBe(FRAGMENT);
    expect(packet).toMatchObject({ fragmentOffset: 8, moreFragments: true, identification: 9, protocol: 6 });
  });

  test("as many extension headers as allowed, and one more", () => {
    const extensions = (count: number): [number, Uint8Array][] => new Array(count).fill([DESTINATION, extension(0)]);
    expect(open(write({ extensions: extensions(EXTENSION_HEADERS_MAX) })).outcome).toBe(WHOLE);
    expect(open(write({ extensions: extensions(EXTENSION_HEADERS_MAX + 1) })).outcome).toBe(MALFORMED);
  });

  test("a jumbogram says its length in an option", () => {
    const jumbo = (length: number): [number, Uint8Array] => {
      const option = Uint8Array.of(0xc2, 4, 0, 0, 0, 0);
      new DataView(option.buffer).setUint32(2, length);
      return [HOP, extension(0, ...option)];
    };
    const bytes = write({ extensions: [jumbo(8 + 70_000)], statedLength: 0 }, new Uint8Array(70_000 + 2));
    const { outcome, packet } = open(bytes);
    expect([outcome, packet.wireEnd - packet.start]).toEqual([WHOLE, 70_000]);
  });

  test("payload length 0 without that option stands for the frame's own length", () => {
    const { outcome, payload } = open(write({ statedLength: 0 }));
    expect([outcome, payload]).toEqual([WHOLE, "payload"]);
  });

  test.each<[string, Uint8Array, number?]>([
    ["39 captured bytes", write(), 39],
    ["an extension header beyond the end", write({ extensions: [[HOP, extension(200).slice(0, 7)]] })],
    ["a cut extension header", write({ extensions: [[ROUTING, extension(1)]] }), 44],
    ["a cut fragment header", write({ extensions: [[FRAGMENTS, new Uint8Array(7)]] }), 47],
  ])("%s is malformed", (_, bytes, captured) => {
    expect(open(bytes, captured).outcome).toBe(MALFORMED);
  });
});
