import { expect, test } from "vitest";
import type { News } from "../../src/capture/batch-messages.ts";
import { BATCHES_MAX, BatchSender } from "../../src/capture/batch-sender.ts";
import { BatchedReader } from "../../src/capture/batched-reader.ts";
import { blankFrame } from "../../src/capture/blank-frame.ts";
import { openCapture } from "../../src/capture/detect.ts";
import type { Frame, FrameReader } from "../../src/capture/frame.ts";
import { Mailbox, newChannel, type Port } from "../../src/sys/threads.ts";
import { writePcap, writePcapng } from "../support/capture-writer.ts";
import { type MemorySourceOptions, memorySource } from "../support/memory-source.ts";

const CHUNK_BYTES = 4096;

/** A capture at the other end of a channel. */
async function distant(bytes: Uint8Array, options: MemorySourceOptions = {}) {
  const capture = await openCapture(memorySource(bytes, options), { chunkBytes: CHUNK_BYTES });
  const [here, there] = newChannel();
  const sender = new BatchSender(capture, there, CHUNK_BYTES);
  const mailbox = new Mailbox<News>(here);
  const begun = sender.state();
  const sent = sender.run().then(() => there.close());
  return { capture, here, mailbox, begun, sent };
}

function readerAt(here: Port, mailbox: Mailbox<News>, { capture, begun }: Awaited<ReturnType<typeof distant>>) {
  return new BatchedReader(capture.reader.format, begun, {
    receive: async () => (await mailbox.receive()) as News,
    giveBack: (slot) => here.postMessage(slot),
  });
}

/** All that can be known of a capture through its reader. */
async function everything(reader: FrameReader) {
  const frame = blankFrame();
  const frames: unknown[] = [];
  do while (reader.next(frame)) frames.push(kept(frame));
  while (await reader.fill());
  const { format, linkTypes, damage, damageOmitted, interfaceDrops, bytesRead } = reader;
  return { frames, format, linkTypes, damage, damageOmitted, interfaceDrops, bytesRead };
}

function kept({ bytes, offset, length, ...rest }: Frame) {
  return { ...rest, bytes: Buffer.from(bytes.subarray(offset, offset + length)).toString("hex") };
}

const packets = (count: number, length: number) =>
  Array.from({ length: count }, (_, at) => ({ seconds: at, nanos: at * 1000, bytes: new Uint8Array(length).fill(at) }));
const pcap = (count: number, length: number) => writePcap({}, packets(count, length));

function damagedPcap(): Uint8Array {
  const bytes = pcap(100, 200);
  bytes.fill(0xff, 24 + 16 + 216 * 10, 24 + 16 + 216 * 11);
  return bytes;
}

const pcapng = writePcapng(
  {
    items: [
      { kind: "interface" },
      ...packets(50, 300).map((packet) => ({ kind: "enhanced" as const, ...packet })),
      { kind: "interface", linkType: 113, tsresol: 9, fcslen: 4 },
      ...packets(50, 300).map((packet) => ({ kind: "enhanced" as const, interface: 1, ...packet })),
      { kind: "simple", bytes: new Uint8Array(80) },
      { kind: "statistics", interface: 1, received: 9, dropped: 3 },
    ],
  },
  {
    order: "big",
    items: [{ kind: "interface", linkType: 276 }, ...packets(3, 9).map((p) => ({ kind: "enhanced" as const, ...p }))],
  },
);

test.each([
  ["short", pcap(3, 60)],
  ["longer than all batches together", pcap(1000, 100)],
  ["of frames longer than a batch", pcap(5, 100_000)],
  ["of very short frames", pcap(3000, 1)],
  ["without a packet", pcap(0, 0)],
  ["cut", pcap(100, 200).subarray(0, 10_000)],
  ["damaged", damagedPcap()],
  ["of several interfaces and sections", pcapng],
  ["that ends in a damaged block", pcapng.subarray(0, pcapng.length - 30)],
])("a capture %s is the same at the other end", async (_, bytes) => {
  for (const step of [Number.POSITIVE_INFINITY, 1000, 7]) {
    const capture = await openCapture(memorySource(bytes, { step }), { chunkBytes: CHUNK_BYTES });
    const other = await distant(bytes, { step });
    const reader = readerAt(other.here, other.mailbox, other);
    const [here, there] = [await everything(capture.reader), await everything(reader)];
    expect(there).toEqual(here);
    expect(reader.inputBytesRead).toBe(capture.input.bytesRead);
    expect(await reader.fill()).toBe(false);
    await other.sent;
  }
});

test("until a second batch was asked for, one is all there is; then a few", async () => {
  const { capture, here, mailbox, sent } = await distant(pcap(3000, 100));
  const takeOne = async () => ((await mailbox.receive()) as News & { kind: "frames" }).batch.slot;
  await idle();
  const first = capture.reader.bytesRead;
  expect(first).toBeLessThan(3 * CHUNK_BYTES);
  const slot = await takeOne();
  await idle();
  expect(capture.reader.bytesRead).toBe(first);
  here.postMessage(slot);
  await idle();
  const second = capture.reader.bytesRead;
  expect(second).toBeLessThan(first + 3 * CHUNK_BYTES);
  expect(await takeOne()).toBe(slot);
  here.postMessage(slot);
  await idle();
  const slots = new Set<number>();
  for (let batches = 0; batches < BATCHES_MAX; batches++) slots.add(await takeOne());
  await idle();
  expect([...slots].sort()).toEqual(Array.from({ length: BATCHES_MAX }, (_, at) => at));
  expect(capture.reader.bytesRead - second).toBeLessThan((BATCHES_MAX + 1) * 3 * CHUNK_BYTES);
  here.close();
  await sent;
});

test("it stops when the other side closes, also while it waits", async () => {
  const { here, sent, capture } = await distant(pcap(3000, 100));
  here.close();
  await sent;
  expect(capture.reader.bytesRead).toBeLessThan(6 * CHUNK_BYTES);
});

test("news of an opened capture is not news of frames", async () => {
  const reader = new BatchedReader("pcap", (await distant(pcap(1, 1))).begun, {
    receive: async () => ({ kind: "warning", message: "" }),
    giveBack: () => {},
  });
  await expect(reader.fill()).rejects.toThrow("news of the kind warning");
});

/** Long enough for whoever can go on to do so. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
