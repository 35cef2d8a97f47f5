import type { ByteSource } from "../sys/byte-source.ts";
import { ReadError } from "../sys/read-error.ts";
import { Chunk } from "./chunk.ts";
import { u32 } from "./word.ts";

/** As the zstd program: a frame that needs more than 128 MiB to look back to is refused. */
const WINDOW_BYTES_MAX = 134_217_728;
/** RFC 8878 section 3.1.1.2.4: a block holds at most 128 KiB, packed or not. */
const BLOCK_BYTES_MAX = 131_072;
const INPUT_BYTES = 262_144;
const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const CHECKSUM_BYTES = 4;
/** Bit of the frame header descriptor, its fifth byte. */
export const HAS_CHECKSUM = 0x04;

/** A piece of a zstd frame that can be taken at once: a block, the first one with the frame header, or the checksum. */
export interface ZstdPiece {
  bytes: Uint8Array;
  isFirst: boolean;
  /** The last block; only the checksum follows, if the frame has one. */
  isLastBlock: boolean;
  isChecksum: boolean;
  hasChecksum: boolean;
  /** Bytes its frame may look back. */
  windowBytes: number;
}

/**
 * Cuts zstd data into frames and blocks (RFC 8878 section 3.1) and skips skippable frames, so that the
 * decoder behind gets checked lengths, one block at a time.
 */
export class ZstdFrames {
  private readonly input: Chunk;
  private windowBytes = 0;
  private hasChecksum = false;
  private isInFrame = false;
  private isChecksumDue = false;

  constructor(source: ByteSource) {
    this.input = new Chunk(source, INPUT_BYTES);
  }

  /** The next piece; null at the end of the data. */
  async next(): Promise<ZstdPiece | null> {
    if (this.isChecksumDue) {
      await this.need(CHECKSUM_BYTES);
      this.isChecksumDue = false;
      return this.take(CHECKSUM_BYTES, { isFirst: false, isLastBlock: false, isChecksum: true });
    }
    let headerBytes = 0;
    const isFirst = !this.isInFrame;
    if (isFirst) {
      headerBytes = await this.readFrameHeader();
      if (headerBytes === 0) return null;
    }
    await this.need(headerBytes + 3);
    const { bytes, start } = this.input;
    const blockHeader = u32(bytes, start + headerBytes, true) & 0xff_ffff;
    const pieceBytes = headerBytes + 3 + blockBytes(blockHeader);
    const isLastBlock = (blockHeader & 1) === 1;
    await this.need(pieceBytes);
    this.isInFrame = !isLastBlock;
    this.isChecksumDue = isLastBlock && this.hasChecksum;
    return this.take(pieceBytes, { isFirst, isLastBlock, isChecksum: false });
  }

  private async readFrameHeader(): Promise<number> {
    for (;;) {
      if (!(await this.has(1))) return 0;
      await this.need(8);
      const magic = u32(this.input.bytes, this.input.start, true);
      if (magic === FRAME_MAGIC) return this.parseFrameHeader();
      if ((magic & ~0xf) >>> 0 !== SKIPPABLE_MAGIC) {
        throw new ReadError("the zstd data is damaged: no frame where one should start");
      }
      await this.skip(8 + u32(this.input.bytes, this.input.start + 4, true));
    }
  }

  /** RFC 8878 section 3.1.1.1: descriptor, window, dictionary and content size; gives its length. */
  private async parseFrameHeader(): Promise<number> {
    const descriptor = this.input.bytes[this.input.start + 4];
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
    const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
    if ((descriptor & 0x08) !== 0) throw new ReadError("the zstd data is damaged: a reserved bit is set");
    if (dictionaryBytes !== 0)
      throw new ReadError("the zstd data needs a dictionary; unpack it with `zstd -d -D` first");
    const headerBytes = 5 + (isSingleSegment ? 0 : 1) + sizeBytes;
    await this.need(headerBytes);
    const { bytes, start } = this.input;
    this.windowBytes = isSingleSegment ? contentSize(bytes, start + 5, sizeBytes) : windowSize(bytes[start + 5]);
    if (this.windowBytes > WINDOW_BYTES_MAX) {
      throw new ReadError(
        `the zstd data needs ${this.windowBytes} bytes of memory; unpack it with \`zstd -d --long=31\` first`,
      );
    }
    this.hasChecksum = (descriptor & HAS_CHECKSUM) !== 0;
    return headerBytes;
  }

  private take(count: number, part: Pick<ZstdPiece, "isFirst" | "isLastBlock" | "isChecksum">): ZstdPiece {
    const { bytes, start } = this.input;
    this.input.start += count;
    const { hasChecksum, windowBytes } = this;
    return { bytes: bytes.slice(start, start + count), ...part, hasChecksum, windowBytes };
  }

  private async skip(count: number): Promise<void> {
    let left = count;
    for (;;) {
      const step = Math.min(left, this.input.available);
      this.input.start += step;
      left -= step;
      if (left === 0) return;
      await this.need(1);
    }
  }

  private async need(count: number): Promise<void> {
    if (!(await this.has(count))) throw this.input.failure ?? new ReadError("the zstd data ends too early");
  }

  private async has(count: number): Promise<boolean> {
    while (this.input.available < count) {
      if (!(await this.input.fill(count))) {
        if (this.input.failure !== null) throw this.input.failure;
        return false;
      }
    }
    return true;
  }
}

/** Bytes after a block header; RFC 8878 section 3.1.1.2. */
function blockBytes(header: number): number {
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === 3 || size > BLOCK_BYTES_MAX) throw new ReadError("the zstd data is damaged: an impossible block header");
  const isRunOfOneByte = type === 1;
  return isRunOfOneByte ? 1 : size;
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(b: Uint8Array, at: number, bytes: number): number {
  if (bytes === 1) return b[at];
  if (bytes === 2) return (b[at] | (b[at + 1] << 8)) + 256;
  const low = u32(b, at, true);
  return bytes === 4 ? low : low + u32(b, at + 4, true) * 0x1_0000_0000;
}
