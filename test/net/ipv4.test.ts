import { describe, expect, test } from "vitest";
import { openIpv4 } from "../../src/net/ipv4.ts";
import { FRAGMENT, MALFORMED, type Outcome, Packet, WHOLE } from "../../src/net/packet.ts";
import { ipPacket, ipv4Fragment, toBytes } from "../support/network-packets.ts";

interface Opened {
  outcome: Outcome;
  payload: string;
  /** Payload length on the wire. */
  length: number;
}

function open(bytes: Uint8Array, captured = bytes.length): Opened & { packet: Packet } {
  const packet = new Packet();
  packet.bytes = bytes;
  packet.end = captured;
  packet.wireEnd = bytes.length;
  const outcome = openIpv4(packet);
  const payload = Buffer.from(bytes.subarray(packet.start, packet.end)).toString("latin1");
  return { outcome, payload, length: packet.wireEnd - packet.start, packet };
}

const plain = ipPacket(6, "10.0.0.2", "10.0.0.1", toBytes("payload"), { id: 0xbeef });

describe("IPv4", () => {
  test("addresses, protocol and identification", () => {
    const { packet, ...opened } = open(plain);
    expect(opened).toEqual({ outcome: WHOLE, payload: "payload", length: 7 });
    expect(packet).toMatchObject({
      source0: 0x0a000002,
      destination0: 0x0a000001,
      protocol: 6,
      identification: 0xbeef,
    });
  });

  test("options are stepped over", () => {
    const bytes = ipPacket(6, "10.0.0.2", "10.0.0.1", toBytes("payload"), { options: new Uint8Array(40) });
    expect(open(bytes)).toMatchObject({ outcome: WHOLE, payload: "payload" });
  });

  test("padding behind the packet is cut off", () => {
    const bytes = new Uint8Array(46);
    bytes.set(plain);
    expect(open(bytes)).toMatchObject({ outcome: WHOLE, payload: "payload", length: 7 });
  });

  test("total length 0 stands for the frame's own length: an offloaded giant", () => {
    const giant = ipPacket(6, "10.0.0.2", "10.0.0.1", new Uint8Array(100_000).fill(0x61), { statedLength: 0 });
    expect(open(giant)).toMatchObject({ outcome: WHOLE, length: 100_000 });
  });

  test("a snap length leaves the wire length as it was", () => {
    expect(open(plain, 23)).toMatchObject({ outcome: WHOLE, payload: "pay", length: 7 });
  });

  test.each<[string, (bytes: Uint8Array) => void, number?]>([
    ["version 6", (bytes) => (bytes[0] = 0x65)],
    ["a header of 16 bytes", (bytes) => (bytes[0] = 0x44)],
    ["a total length below that of the header", (bytes) => bytes.set([0, 19], 2)],
    ["19 captured bytes", () => undefined, 19],
  ])("%s is malformed", (_, damage, captured) => {
    const bytes = plain.slice();
    damage(bytes);
    expect(open(bytes, captured).outcome).toBe(MALFORMED);
  });

  test("fragments", () => {
    const first = open(ipv4Fragment(plain.slice(0, 20), 0, false, new Uint8Array(8)));
    expect(first.outcome).toBe(FRAGMENT);
    expect(first.packet).toMatchObject({ fragmentOffset: 0, moreFragments: true });
    const last = open(ipv4Fragment(plain.slice(0, 20), 65_528, true, new Uint8Array(5)));
    expect(last.outcome).toBe(FRAGMENT);
    expect(last.packet).toMatchObject({ fragmentOffset: 65_528, moreFragments: false });
  });
});
