import { describe, expect, test } from "vitest";
import { ConversationWriter, SEGMENT_BYTES_MAX } from "../../src/net/conversation-writer.ts";
import { Network } from "../../src/net/network.ts";
import { parseEndpoint } from "../../src/net/parse-endpoint.ts";
import type { Connection } from "../../src/net/stream.ts";
import { writePcapng } from "../support/capture-writer.ts";
import { frameOf, LINK } from "../support/network-packets.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const V4 = ["10.0.0.1:700", "10.0.0.2:2049"] as const;
const V6 = ["[fd09::1]:700", "[fd09::2]:2049"] as const;

type Ends = readonly [string, string];

function conversation(ends: Ends, tell: (writer: ConversationWriter) => void, firstSeq = 0xffff_fffe): Uint8Array[] {
  const packets: Uint8Array[] = [];
  const [local, remote] = ends.map((end) => parseEndpoint(end)!);
  tell(new ConversationWriter(local!, remote!, firstSeq, (packet) => void packets.push(packet)));
  return packets;
}

/** What the analyzer's own reassembly makes of packets. */
function follow(packets: readonly Uint8Array[]) {
  const chunks: [Buffer[], Buffer[]][] = [];
  const connections: Connection[] = [];
  const missing: number[] = [];
  const network = new Network({
    open(connection, index) {
      if (index === 0) connections.push(connection);
      chunks[connection.id] ??= [[], []];
      return {
        bytes: (bytes, start, end) =>
          void chunks[connection.id]![index].push(Buffer.from(bytes.subarray(start, end).slice())),
        missing: (length) => void missing.push(length),
      };
    },
    closed() {},
    datagram() {},
  });
  for (const [index, packet] of packets.entries()) network.push(frameOf(packet, { number: index + 1, micros: index }));
  network.finish();
  return {
    connections,
    missing,
    streams: chunks.map((halves) => halves.map((half) => Buffer.concat(half).toString("latin1"))),
  };
}

const large = Buffer.from(Uint8Array.from({ length: 3 * SEGMENT_BYTES_MAX + 17 }, (_, i) => (i * 7) & 0xff));

/** Both directions, a large write, one whose length is a multiple, the sequence number wraps. */
function talk(writer: ConversationWriter): void {
  writer.open();
  writer.data("local", Buffer.from("call"));
  writer.data("remote", Buffer.from("reply"));
  writer.data("local", large);
  writer.data("local", large.subarray(0, SEGMENT_BYTES_MAX));
  writer.data("remote", Buffer.from("!"));
  writer.data("remote", new Uint8Array(0));
}

describe.each([
  ["IPv4", V4],
  ["IPv6", V6],
])("%s", (_, ends) => {
  test("the analyzer reads the same streams, whole", () => {
    const told = conversation(ends, (writer) => {
      talk(writer);
      writer.end("local");
    });
    const { connections, missing, streams } = follow(told);
    const client = `call${large.toString("latin1")}${large.subarray(0, SEGMENT_BYTES_MAX).toString("latin1")}`;
    expect(streams[0]).toEqual([client, "reply!"]);
    expect(missing).toEqual([]);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({ handshakeSeen: true, initiator: 0, ended: "fin", endedBy: 0 });
    expect(connections[0]!.facts).toMatchObject({ retransmittedSegments: 0, duplicateFrames: 0, zeroWindows: 0 });
  });

  test("who breaks it off", () => {
    const by = (side: "local" | "remote") =>
      follow(
        conversation(ends, (writer) => {
          talk(writer);
          writer.reset(side);
        }),
      ).connections[0];
    expect(by("local")).toMatchObject({ ended: "rst", endedBy: 0 });
    expect(by("remote")).toMatchObject({ ended: "rst", endedBy: 1 });
  });
});

test("the same endpoints again are another connection", () => {
  const one = conversation(V4, talk, 1);
  const two = conversation(V4, talk, 2);
  const { connections, streams } = follow([...one, ...two]);
  expect(connections.map(({ handshakeSeen }) => handshakeSeen)).toEqual([true, true]);
  expect(streams[0]).toEqual(streams[1]);
});

const tshark = toolOrSkip("tshark");

describe.skipIf(tshark.skip)(`tshark (${tshark.reason})`, () => {
  test.each<[string, Ends]>([
    ["IPv4", V4],
    ["IPv6", V6],
  ])("finds nothing to complain about: %s", (_, ends) => {
    const told = conversation(ends, (writer) => {
      talk(writer);
      writer.end("remote");
    });
    const items = told.map((bytes, i) => ({
      kind: "enhanced" as const,
      seconds: 1_700_000_000,
      nanos: i * 1000,
      bytes,
    }));
    const capture = writePcapng({ items: [{ kind: "interface", linkType: LINK.raw }, ...items] });
    const checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
    const rows = tsharkFields(capture, ["tcp.checksum.status", "tcp.len"], checks);
    expect(new Set(rows.map(([status]) => status))).toEqual(new Set(["1"]));
    const length = 4 + 5 + large.length + SEGMENT_BYTES_MAX + 1;
    expect(rows.reduce((sum, [, bytes]) => sum + Number(bytes), 0)).toBe(length);
    const trouble = "tcp.analysis.flags || ip.checksum.status == 0 || _ws.malformed";
    expect(tsharkFields(capture, ["frame.number"], [...checks, "-Y", trouble])).toEqual([]);
  });
});
