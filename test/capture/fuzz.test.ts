import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/sys/input-error.ts";
import { writePcap, writePcapng } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { random } from "../support/random.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(30);
const pcapng = writePcapng(
  {
    order: "little",
    items: [
      { kind: "interface", tsresol: 9, tsoffset: 3 },
      ...packets.map((packet) => ({ kind: "enhanced" as const, ...packet })),
      { kind: "statistics", dropped: 5 },
    ],
  },
  {
    order: "big",
    items: [
      { kind: "interface" },
      ...packets.map((packet) => ({ kind: "packet" as const, ...packet })),
      { kind: "simple", bytes: packets[3].bytes },
    ],
  },
);

const SEEDS: [string, Uint8Array][] = [
  ["pcap", writePcap({}, packets)],
  ["nanosecond pcap, big endian", writePcap({ order: "big", nanos: true }, packets)],
  ["pcapng", pcapng],
  ["gzip", Uint8Array.from(gzipSync(writePcap({}, packets)))],
  ["stored gzip", Uint8Array.from(gzipSync(pcapng, { level: 0 }))],
  ["zstd", zstdOf(writePcap({}, packets).slice(0, 64))],
];

/** A skippable frame, then one of a single raw block. */
function zstdOf(content: Uint8Array): Uint8Array {
  const head = Buffer.from("502a4d1801000000ff28b52ffd0000", "hex");
  const block = (content.length << 3) | 1;
  return Uint8Array.from([...head, block & 0xff, block >> 8, 0, ...content]);
}

const INTERESTING = [0, 1, 3, 4, 0x7f, 0x80, 0xff, 0x0a, 0x06];

/** Changes, drops, doubles or cuts some bytes. */
function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  let mutated = Array.from(bytes);
  const pick = (below: number) => Math.floor(next() * below);
  for (let changes = 1 + pick(6); changes > 0; changes--) {
    const at = pick(mutated.length);
    const kind = pick(6);
    if (kind === 0) mutated[at] = pick(256);
    else if (kind === 1) mutated[at] = INTERESTING[pick(INTERESTING.length)];
    else if (kind === 2) mutated.fill(pick(2) * 255, at, at + 4);
    else if (kind === 3) mutated.splice(at, 1 + pick(20));
    else if (kind === 4) mutated.splice(at, 0, ...mutated.slice(at, at + pick(40)));
    else mutated = mutated.slice(0, Math.max(1, mutated.length - pick(60)));
    if (mutated.length === 0) mutated = [0];
  }
  return Uint8Array.from(mutated);
}

describe.each(SEEDS)("mutated %s", (kind, bytes) => {
  // Unpacking byte by byte is slow: fewer rounds there.
  const rounds = kind.includes("gzip") ? 120 : 1500;
  let readable = 0;

  it("lets nothing out but InputError, numbers its frames, and stays inside its buffers", async () => {
    for (let seed = 1; seed <= rounds; seed++) {
      const next = random(seed);
      const mutated = mutate(bytes, next);
      const step = [1, 13, 4096][Math.floor(next() * 3)];
      try {
        const { frames, damage } = await readCapture(memorySource(mutated, { step }), { chunkBytes: 128 });
        frames.forEach((frame, index) => {
          if (frame.number !== index + 1) throw new Error(`frame ${index + 1} is numbered ${frame.number}`);
          if (frame.originalLength < frame.bytes.length) throw new Error("original length below captured length");
          if (!(frame.nanos >= 0 && frame.nanos < 1e9)) throw new Error(`${frame.nanos} nanoseconds`);
        });
        if (frames.length > mutated.length) throw new Error("more frames than bytes");
        readable++;
        if (damage.some((place) => place.frame > frames.length))
          throw new Error("damage after a frame that was not given");
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`seed ${seed}: ${error}`, { cause: error });
      }
    }
    expect(readable).toBeGreaterThan(rounds / 4);
  });

  it("with the reader pcap-parser too", async () => {
    let refused = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const mutated = mutate(bytes, random(seed));
      try {
        const { frames } = await readCapture(memorySource(mutated), { reader: "pcap-parser" });
        if (frames.length > mutated.length) throw new Error("more frames than bytes");
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`seed ${seed}: ${error}`, { cause: error });
        refused++;
      }
    }
    // It reads only some kinds of capture, and what a mutation left readable of those.
    expect(refused).toBeGreaterThan(0);
  });
});
