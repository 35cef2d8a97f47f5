import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/detect.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { writePcap, writePcapng } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(5);
const pcap = writePcap({}, packets);
const pcapng = writePcapng({ items: [{ kind: "interface" }, { kind: "enhanced", ...packets[0] }] });
const text = (content: string) => new TextEncoder().encode(content);

describe("openCapture refuses what is no capture", () => {
  it.each([
    ["an empty file", new Uint8Array(0), /^x\.pcap: is empty \(0 bytes\)/],
    ["an empty gzip", gzipSync(""), /holds no data inside its gzip wrapping/],
    ["one byte", Uint8Array.of(0xd4), /not a capture: found d4 at offset 0; expected pcap/],
    ["plain text", text("hello, world"), /found 68 65 6c 6c 6f 2c 20 77 at offset 0; expected pcap .* or pcapng/],
    ["text in gzip", gzipSync("hello, world"), /found 68 65 6c 6c 6f 2c 20 77 at offset 0 inside gzip/],
    ["JSON", text('{"schema": 1}'), /it looks like JSON text/],
    ["xz data", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /xz data; unpack it with `xz -d` first/],
    ["snoop", text("snoop\0\0\0\0\0\0\x02"), /a snoop capture; convert it/],
    ["a cut pcap header", pcap.slice(0, 23), /ends inside its pcap file header, after 23 bytes/],
    ["a cut section header", pcapng.slice(0, 27), /ends inside its pcapng section header, after 27 bytes/],
    [
      "a false section header",
      Uint8Array.from([...pcapng.slice(0, 8), 1, 2, 3, 4, ...pcapng.slice(12)]),
      /no byte-order magic at offset 8 \(found 01 02 03 04\)/,
    ],
    ["gzip cut in its header", gzipSync(pcap).subarray(0, 8), /the gzip data ends too early; nothing could be read/],
    ["gzip with a broken header", Uint8Array.of(0x1f, 0x8b, 8, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1), /gzip/],
  ])("%s", async (_, bytes, message) => {
    const source = memorySource(bytes, { name: "x.pcap" });
    const error = await openCapture(source).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    expect((error as InputError).input).toBe("x.pcap");
    expect((error as InputError).offset).not.toBeNull();
    expect(source.isClosed).toBe(true);
  });

  it("a capture compressed too often", async () => {
    let bytes: Uint8Array = pcap;
    for (let layer = 0; layer < 5; layer++) bytes = gzipSync(bytes);
    await expect(openCapture(memorySource(bytes))).rejects.toThrow(/compressed more than 4 times over/);
  });
});

describe("openCapture", () => {
  it("reads compressed in compressed", async () => {
    const opened = await openCapture(memorySource(gzipSync(gzipSync(pcap))));
    expect(opened.compression).toBe("gzip");
    expect(opened.compressions).toEqual(["gzip", "gzip"]);
    await opened.close();
    expect((await readCapture(memorySource(gzipSync(gzipSync(pcap))))).frames).toHaveLength(5);
  });

  it("counts the bytes read of the file, and knows its size", async () => {
    const packed = gzipSync(pcap);
    const opened = await openCapture(memorySource(packed, { name: "a.gz" }));
    expect(opened.input.size).toBe(packed.length);
    while (await opened.reader.fill()) {}
    expect(opened.input.bytesRead).toBe(packed.length);
    expect(opened.name).toBe("a.gz");
  });

  it("closes the source with the capture", async () => {
    const source = memorySource(pcap);
    await (await openCapture(source)).close();
    expect(source.isClosed).toBe(true);
  });

  it("keeps what was read before the disk failed", async () => {
    const error = new ReadError("reading failed: EIO: i/o error");
    const { frames, damage } = await readCapture(memorySource(pcap, { error }));
    expect(frames).toHaveLength(5);
    expect(damage).toMatchObject([{ kind: "truncated", frame: 5, offset: pcap.length, message: error.message }]);
  });

  it("lets an error of another kind through", async () => {
    const error = new TypeError("a defect");
    await expect(readCapture(memorySource(pcap, { error }))).rejects.toBe(error);
  });

  it("warns of a pcap version it does not know", async () => {
    const odd = pcap.slice();
    odd[6] = 9;
    const warnings: string[] = [];
    await openCapture(memorySource(odd), { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual(["test.pcap: pcap version 2.9, read as 2.4"]);
  });

  it.each([
    ["pcapng", pcapng],
    ["nanoseconds", writePcap({ nanos: true }, packets)],
    ["the modified kind", writePcap({ modified: true }, packets)],
  ])("refuses %s for the reader pcap-parser", async (_, bytes) => {
    await expect(openCapture(memorySource(bytes), { reader: "pcap-parser" })).rejects.toThrow(
      /classic microsecond pcap only/,
    );
  });
});
