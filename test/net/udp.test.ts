import { expect, test } from "vitest";
import { Network } from "../../src/net/network.ts";
import { type FrameSpec, frameOf, udpDatagram } from "../support/network-packets.ts";
import { StreamRecorder } from "../support/stream-recorder.ts";

const datagram = udpDatagram({ from: "[fd09::2]:700", to: "[fd09::1]:111", payload: "a call", ip: {} });

function receive(packets: readonly (readonly [Uint8Array, FrameSpec])[]): { network: Network; sink: StreamRecorder } {
  const sink = new StreamRecorder();
  const network = new Network(sink);
  for (const [packet, spec] of packets) network.push(frameOf(packet, spec));
  return { network, sink };
}

test("a datagram goes on whole, with its ends", () => {
  const { sink } = receive([[datagram, {}]]);
  expect(sink.datagrams).toEqual([
    {
      from: { address: "fd09::2", port: 700 },
      to: { address: "fd09::1", port: 111 },
      bytes: new TextEncoder().encode("a call"),
      length: 6,
    },
  ]);
});

test("the snap length is told by the length on the wire", () => {
  const { sink } = receive([[datagram, { snaplen: datagram.length - 2 }]]);
  expect(sink.datagrams[0]).toMatchObject({ bytes: new TextEncoder().encode("a ca"), length: 6 });
});

test("recorded twice, it is one; sent twice, it is two", () => {
  const { network, sink } = receive([
    [datagram, { micros: 0 }],
    [datagram, { micros: 300 }],
    [datagram, { micros: 1_000_000 }],
  ]);
  expect(sink.datagrams).toHaveLength(2);
  expect(network.counters).toMatchObject({ udp: 3, duplicateFrames: 1 });
});

test("a length beyond the packet, or below the header, is malformed", () => {
  for (const length of [7, 15]) {
    const bytes = datagram.slice();
    new DataView(bytes.buffer).setUint16(44, length);
    const { network, sink } = receive([[bytes, {}]]);
    expect(network.counters).toMatchObject({ udp: 0, malformed: 1 });
    expect(sink.datagrams).toEqual([]);
  }
});
