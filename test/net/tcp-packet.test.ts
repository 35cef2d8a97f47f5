import { describe, expect, test } from "vitest";
import { parseEndpoint } from "../../src/net/parse-endpoint.ts";
import { ACK, FIN, PSH, RST, SYN, type TcpPacket, tcpPacket } from "../../src/net/tcp-packet.ts";
import { tcpSegment } from "../support/network-packets.ts";

const at = (text: string) => parseEndpoint(text)!;
const BASE = { seq: 0xffff_fff0, ack: 0x8000_0001, window: 0xffff, identification: 0x1_0007 };

/** The same packet from the test's own writer, which shares no code with src/. */
const FAMILIES = [
  ["IPv4", "10.0.0.1:700", "192.168.255.254:2049"],
  ["IPv6", "[fd09::1]:700", "[2001:db8:ffff:ffff::5]:2049"],
] as const;

describe.each(FAMILIES)("%s", (family, from, to) => {
  const ours = (changes: Partial<TcpPacket>) => {
    const packet = tcpPacket({ from: at(from), to: at(to), flags: ACK, ...BASE, ...changes });
    // Ours asks not to be fragmented; the test's writer has no word for it.
    if (family === "IPv4") withoutFlag(packet);
    return Buffer.from(packet).toString("hex");
  };
  const reference = (changes: { flags?: string; payload?: Uint8Array; options?: Uint8Array }) => {
    const { seq, ack, window, identification } = BASE;
    const ip = { id: identification & 0xffff };
    return Buffer.from(tcpSegment({ from, to, seq, ack, window, ip, ...changes })).toString("hex");
  };

  test.each([0, 1, 2, 3, 1460, 61_440])("%d bytes of payload", (length) => {
    const payload = Uint8Array.from({ length }, (_, i) => (i * 31 + 200) & 0xff);
    expect(ours({ payload })).toBe(reference({ payload }));
  });

  test("flags and options", () => {
    const options = Uint8Array.of(2, 4, 0xff, 0xd7);
    expect(ours({ flags: SYN | ACK, options })).toBe(reference({ flags: "SA", options }));
    expect(ours({ flags: FIN | ACK })).toBe(reference({ flags: "FA" }));
    expect(ours({ flags: RST | PSH })).toBe(reference({ flags: "RP" }));
  });

  test("payload of all ones, where a sum carries the most", () => {
    const payload = new Uint8Array(60_000).fill(0xff);
    expect(ours({ payload })).toBe(reference({ payload }));
  });
});

test("what cannot be a packet is a fault of ours", () => {
  const packet = { from: at("10.0.0.1:1"), to: at("10.0.0.2:2"), flags: ACK, ...BASE };
  expect(() => tcpPacket({ ...packet, payload: new Uint8Array(65_500) })).toThrow(/65540 bytes/);
  expect(() => tcpPacket({ ...packet, to: at("[::1]:2") })).toThrow(/same family/);
});

function withoutFlag(packet: Uint8Array): void {
  const view = new DataView(packet.buffer);
  view.setUint16(6, 0);
  // RFC 1624: the checksum takes the difference. No sum of such a header is zero.
  const sum = (~view.getUint16(10) & 0xffff) + (~0x4000 & 0xffff);
  view.setUint16(10, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
}
