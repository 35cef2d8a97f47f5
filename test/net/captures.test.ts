import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Network } from "../../src/net/network.ts";
import { memorySource } from "../support/memory-source.ts";
import { readCapture } from "../support/read-capture.ts";

/** Real captures, too large for the repository; see README there. */
const CAPTURES = new URL("../../../shared/captures/", import.meta.url);

interface Stream {
  bytes: Buffer;
  missing: { at: number; length: number; why: string }[];
}

interface Followed {
  network: Network;
  /** Client's and server's stream of each connection. */
  streams: [Stream, Stream][];
  ended: (string | null)[];
}

async function follow(...names: string[]): Promise<Followed> {
  const parts: Map<string, Buffer[]> = new Map();
  const streams: [Stream, Stream][] = [];
  const connections: { ended: string | null }[] = [];
  const network = new Network({
    open(connection, index) {
      if (index === 0) connections.push(connection);
      streams[connection.id] ??= [
        { bytes: Buffer.alloc(0), missing: [] },
        { bytes: Buffer.alloc(0), missing: [] },
      ];
      const chunks: Buffer[] = [];
      parts.set(`${connection.id}.${index}`, chunks);
      const half = connection.halves[index];
      return {
        bytes: (bytes, start, end) => void chunks.push(Buffer.from(bytes.slice(start, end))),
        missing(length, why) {
          streams[connection.id]![index].missing.push({ at: half.delivered, length, why });
          // Zeros keep what follows in its place.
          if (length < 1e8) chunks.push(Buffer.alloc(length));
        },
      };
    },
    closed() {},
    datagram() {},
  });
  for (const name of names) {
    const { frames } = await readCapture(memorySource(readFileSync(new URL(name, CAPTURES)), { name }));
    for (const { bytes, ...frame } of frames) network.push({ ...frame, bytes, offset: 0, length: bytes.length });
  }
  network.finish();
  for (const [key, chunks] of parts) {
    const [id, index] = key.split(".").map(Number) as [number, 0 | 1];
    streams[id]![index].bytes = Buffer.concat(chunks);
  }
  return { network, streams, ended: connections.map(({ ended }) => ended) };
}

// Without the folder there is nothing to read: it is not part of the repository.
describe.skipIf(!existsSync(CAPTURES))("real captures (skipped: ../shared/captures is absent)", () => {
  test.each<[string, number, number, number]>([
    // Name; connections; bytes of the client and of the server, as tshark's follow counts them (0: not asked).
    ["gn_meta_vfs_v42.pcap", 1, 133_012, 154_344],
    ["gn_nconnect4_v41.pcap", 4, 0, 0],
    ["kn_blackout_v42.pcap", 1, 536_120, 935_948],
    ["kn_ipv6_v41.pcap", 1, 85_956, 24_096],
    ["kn_midsession_v41.pcap", 1, 81_932, 19_948],
    ["kn_parallel_v41.pcap", 1, 1_670_080, 2_053_084],
    ["kn_retransmit_v41.pcap", 7, 0, 0],
    ["kn_vlan100_v42.pcap", 1, 86_052, 24_176],
    ["kn_any_sll_v41.pcap", 1, 0, 0],
    ["kn_any_sll2_v42.pcap", 1, 0, 0],
    ["kn_multi_if_v41.pcapng", 2, 0, 0],
  ])("%s: whole streams, no gap", async (name, connections, clientBytes, serverBytes) => {
    const { network, streams } = await follow(name);
    expect(network.counters).toMatchObject({ gaps: 0, gapBytes: 0, connections, malformed: 0, unknownLink: 0 });
    if (clientBytes > 0) expect(streams[0]!.map(({ bytes }) => bytes.length)).toEqual([clientBytes, serverBytes]);
    for (const [client, server] of streams) expect([client.missing, server.missing]).toEqual([[], []]);
  });

  test.each([
    ["kn_any_sll_v41.pcap", 704],
    ["kn_any_sll2_v42.pcap", 676],
    ["kn_multi_if_v41.pcapng", 1158],
  ])("%s: every packet is there twice, and none counts as sent again for that", async (name, frames) => {
    const { network } = await follow(name);
    expect(network.counters).toMatchObject({ frames, duplicateFrames: frames / 2 });
    expect(network.counters.retransmittedSegments).toBeLessThanOrEqual(1);
  });

  test("killed connections, on ports used again", async () => {
    const { ended } = await follow("kn_retransmit_v41.pcap");
    expect(ended).toHaveLength(7);
    expect(ended.filter((how) => how === null)).toEqual([]);
  });

  test("frames taken out of a capture leave gaps exactly there, and the rest in its place", async () => {
    const whole = await follow("kn_parallel_v41.pcap");
    const holed = await follow("kn_dropped2pct_v41.pcap");
    for (const index of [0, 1] as const) {
      const expected = Buffer.from(whole.streams[0]![index].bytes);
      const { bytes, missing } = holed.streams[0]![index];
      expect(missing.length).toBeGreaterThan(20);
      for (const { at, length, why } of missing) {
        expect(why).toBe("gap");
        expected.fill(0, at, at + length);
      }
      expect(bytes.equals(expected)).toBe(true);
    }
    expect(holed.network.counters.gapBytes).toBe(74_440);
  });

  test("a snap length of 200: as many stream bytes as the wire carried, the cut ones missing", async () => {
    const { network, streams } = await follow("kn_snap200_v42.pcap");
    expect(streams[0]!.map(({ bytes }) => bytes.length)).toEqual([307_012, 340_256]);
    expect(network.counters).toMatchObject({ gaps: 0, snaplenBytes: 541_342 });
    expect(streams[0]!.every(({ missing }) => missing.every(({ why }) => why === "snaplen"))).toBe(true);
  });

  test("two files of a rotated capture are one stream; the second alone starts in the middle", async () => {
    const names = ["rotated/kn_rotC_v42.pcap", "rotated/kn_rotC_v42.pcap1"] as const;
    const both = await follow(...names);
    const second = await follow(names[1]);
    expect([both.network.counters.gaps, second.network.counters.gaps]).toEqual([0, 0]);
    for (const index of [0, 1] as const) {
      // In the second file the server speaks first.
      const tail = second.streams[0]![index === 0 ? 1 : 0].bytes;
      expect(tail.length).toBeGreaterThan(50_000);
      expect(both.streams[0]![index].bytes.subarray(-tail.length).equals(tail)).toBe(true);
    }
  });
});
