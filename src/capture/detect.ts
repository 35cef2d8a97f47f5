import type { ByteSource } from "../sys/byte-source.ts";
import { InputError } from "../sys/input-error.ts";
import { ReadError } from "../sys/read-error.ts";
import { Chunk } from "./chunk.ts";
import { type Compression, compressionOf, unpack } from "./compression.ts";
import { foreignHint } from "./foreign-formats.ts";
import type { FrameReader } from "./frame.ts";
import { BrokenSource, CountedSource, PrefixedSource } from "./input-stages.ts";
import { PcapReader } from "./pcap.ts";
import { PCAP_HEADER_BYTES, type PcapHeader, parsePcapHeader } from "./pcap-header.ts";
import { PcapngReader, SECTION_HEADER_BYTES_MIN } from "./pcapng.ts";
import { SECTION_HEADER, sectionIsLittleEndian } from "./pcapng-blocks.ts";
import { u16, u32 } from "./word.ts";

/** Compressed inside compressed, this deep. */
const COMPRESSION_LAYERS_MAX = 4;
const HEAD_BYTES = 32;

export const READERS = ["own", "pcap-parser"] as const;
/** `pcap-parser` reads classic microsecond pcap with that package instead of our own reader. */
export type ReaderName = (typeof READERS)[number];

/** How to open a capture; all may be left out. */
export interface OpenOptions {
  reader?: ReaderName;
  /** Bytes read at once. */
  chunkBytes?: number;
  /** Told what does not keep the capture from being read. */
  onWarning?: (message: string) => void;
}

/** A capture whose frames can be read. */
export interface OpenedCapture {
  /** As the user named it. */
  readonly name: string;
  readonly reader: FrameReader;
  /** How the file itself is compressed. */
  readonly compression: Compression | null;
  /** All compressions, outermost first. */
  readonly compressions: readonly Compression[];
  /** The file as it lies there: bytes read of it so far, and its size if known. */
  readonly input: { readonly bytesRead: number; readonly size: number | null };
  close(): Promise<void>;
}

/**
 * Opens a capture by its content, compressed or not; names say nothing. Takes the source over: it is
 * closed with the capture, and at once when there is nothing to read in it (InputError).
 */
export async function openCapture(source: ByteSource, options: OpenOptions = {}): Promise<OpenedCapture> {
  const opening = new Opening(source, options);
  try {
    return await opening.open();
  } catch (error) {
    await opening.close();
    throw error;
  }
}

class Opening {
  private readonly input: CountedSource;
  private readonly options: OpenOptions;
  private readonly compressions: Compression[] = [];
  private data: ByteSource;

  constructor(source: ByteSource, options: OpenOptions) {
    this.input = new CountedSource(source);
    this.data = this.input;
    this.options = options;
  }

  async open(): Promise<OpenedCapture> {
    const head = await this.unpackAll();
    const failureKind = this.compressions.length > 0 ? "decompression" : "truncated";
    const chunk = new Chunk(this.data, this.options.chunkBytes, failureKind);
    const reader = await this.openReader(head, chunk);
    return {
      name: this.input.name,
      reader,
      compression: this.compressions[0] ?? null,
      compressions: this.compressions,
      input: this.input,
      close: () => this.close(),
    };
  }

  close(): Promise<void> {
    return this.data.close();
  }

  /** Takes off one compression after the other; gives the first bytes of what is inside. */
  private async unpackAll(): Promise<Uint8Array> {
    for (;;) {
      const head = await this.readHead();
      this.data = new PrefixedSource(head, this.data);
      const compression = compressionOf(head);
      if (compression === null) return head;
      if (this.compressions.length === COMPRESSION_LAYERS_MAX) {
        throw new InputError(this.input.name, `is compressed more than ${COMPRESSION_LAYERS_MAX} times over`);
      }
      this.data = await unpack(this.data, compression);
      this.compressions.push(compression);
    }
  }

  private async readHead(): Promise<Uint8Array> {
    const head = new Uint8Array(HEAD_BYTES);
    let length = 0;
    try {
      while (length < HEAD_BYTES) {
        const count = await this.data.read(head.subarray(0, HEAD_BYTES), length);
        if (count === 0) break;
        length += count;
      }
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      // Whatever came out before it broke may still be a whole file header.
      if (length === 0) throw new InputError(this.input.name, `${error.message}; nothing could be read from it`, 0);
      this.data = new BrokenSource(this.data, error);
    }
    return head.slice(0, length);
  }

  private async openReader(head: Uint8Array, chunk: Chunk): Promise<FrameReader> {
    if (head.length === 0) throw this.emptyError();
    const isPcapng = head.length >= 4 && u32(head, 0, true) === SECTION_HEADER;
    const isPcap = head.length >= 4 && parsePcapHeader(padded(head), 0) !== null;
    if (!isPcap && !isPcapng) throw this.noCaptureError(head);
    const headerBytes = isPcap ? PCAP_HEADER_BYTES : SECTION_HEADER_BYTES_MIN;
    while (chunk.available < headerBytes && (await chunk.fill(headerBytes))) {}
    if (chunk.available < headerBytes) {
      const what = isPcap ? "pcap file header" : "pcapng section header";
      throw new InputError(this.input.name, `ends inside its ${what}, after ${chunk.available} bytes`, chunk.available);
    }
    return isPcap ? this.openPcap(chunk) : this.openPcapng(chunk);
  }

  private async openPcap(chunk: Chunk): Promise<FrameReader> {
    const header = parsePcapHeader(chunk.bytes, chunk.start) as PcapHeader;
    const major = u16(chunk.bytes, chunk.start + 4, header.isLittleEndian);
    const minor = u16(chunk.bytes, chunk.start + 6, header.isLittleEndian);
    if (major !== 2 || minor !== 4) {
      this.options.onWarning?.(`${this.input.name}: pcap version ${major}.${minor}, read as 2.4`);
    }
    if (this.options.reader !== "pcap-parser") return new PcapReader(chunk, header);
    if (header.nanosPerUnit === 1) throw this.otherReaderError("this one counts nanoseconds");
    if (header.recordHeaderBytes !== 16) throw this.otherReaderError("this one is of the modified kind");
    if (major !== 2 && minor !== 4) throw this.otherReaderError(`this one has version ${major}.${minor}`);
    const { PcapParserReader } = await import("./pcap-parser-reader.ts");
    return new PcapParserReader(chunk, header);
  }

  private openPcapng(chunk: Chunk): FrameReader {
    if (sectionIsLittleEndian(chunk.bytes, chunk.start) === null) {
      const found = hex(chunk.bytes.subarray(chunk.start + 8, chunk.start + 12));
      throw new InputError(
        this.input.name,
        `looks like pcapng but has no byte-order magic at offset 8 (found ${found})`,
        8,
      );
    }
    if (this.options.reader === "pcap-parser") throw this.otherReaderError("this one is pcapng");
    return new PcapngReader(chunk);
  }

  private otherReaderError(why: string): InputError {
    const message = `the reader pcap-parser knows classic microsecond pcap only, ${why}; leave out --reader`;
    return new InputError(this.input.name, message, 0);
  }

  private emptyError(): InputError {
    const [packed] = this.compressions.slice(-1);
    const what = packed === undefined ? "is empty (0 bytes)" : `holds no data inside its ${packed} wrapping`;
    return new InputError(this.input.name, `${what}; was the capturing program stopped before it wrote anything?`, 0);
  }

  private noCaptureError(head: Uint8Array): InputError {
    const inside = this.compressions
      .map((compression) => ` inside ${compression}`)
      .reverse()
      .join("");
    const hint = foreignHint(head);
    const advice =
      hint === null ? "expected pcap (d4 c3 b2 a1 and its variants) or pcapng (0a 0d 0d 0a)" : `it looks like ${hint}`;
    return new InputError(
      this.input.name,
      `not a capture: found ${hex(head.subarray(0, 8))} at offset 0${inside}; ${advice}`,
      0,
    );
  }
}

/** Long enough for a header to be looked at, whatever was there. */
function padded(head: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  bytes.set(head);
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
