import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import type { ByteSource } from "../sys/byte-source.ts";
import { ReadError } from "../sys/read-error.ts";
import { TransformFeed } from "./transform-feed.ts";
import type { Unpacker } from "./unpacked-source.ts";
import { u32 } from "./word.ts";
import { Xxh64 } from "./xxh64.ts";
import { HAS_CHECKSUM, ZstdFrames, type ZstdPiece } from "./zstd-frames.ts";

/** Decodes the blocks of zstd frames in order. */
interface BlockDecoder {
  decode(piece: ZstdPiece): Promise<Uint8Array[]>;
  close(): void;
}

/** Unpacks zstd: with Node's own decoder where there is one (22.15, 23.8 and later), else with fzstd. */
export class ZstdUnpacker implements Unpacker {
  private readonly source: ByteSource;
  private readonly frames: ZstdFrames;
  private readonly decoder: BlockDecoder;

  constructor(source: ByteSource, useNode: boolean = nodeZstd() !== null) {
    this.source = source;
    this.frames = new ZstdFrames(source);
    this.decoder = useNode ? new NodeDecoder() : new ScriptDecoder();
  }

  async next(): Promise<Uint8Array[] | null> {
    const piece = await this.frames.next();
    if (piece === null) return null;
    try {
      return await this.decoder.decode(piece);
    } catch (error) {
      if (error instanceof ReadError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new ReadError(`the zstd data is damaged: ${why}`, error);
    }
  }

  async close(): Promise<void> {
    this.decoder.close();
    await this.source.close();
  }
}

function nodeZstd(): (() => Transform) | null {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  return createZstdDecompress ?? null;
}

class NodeDecoder implements BlockDecoder {
  private feed: TransformFeed | null = null;

  async decode(piece: ZstdPiece): Promise<Uint8Array[]> {
    if (piece.isFirst) {
      this.close();
      this.feed = new TransformFeed((nodeZstd() as () => Transform)());
    }
    const feed = this.feed as TransformFeed;
    await feed.write(piece.bytes);
    const isFrameEnd = piece.hasChecksum ? piece.isChecksum : piece.isLastBlock;
    if (isFrameEnd) await feed.end();
    return feed.take();
  }

  close(): void {
    this.feed?.close();
  }
}

/** fzstd moves its whole window once a block, so a hostile file of tiny blocks would cost without limit. */
const WINDOW_MOVES_PER_BYTE_MAX = 4096;
const WINDOW_MOVES_FREE = 4_294_967_296;

class ScriptDecoder implements BlockDecoder {
  private decoder = new Decompress();
  private hash: Xxh64 | null = null;
  private output: Uint8Array[] = [];
  private outputBytes = 0;
  private movedBytes = 0;

  async decode(piece: ZstdPiece): Promise<Uint8Array[]> {
    if (piece.isChecksum) {
      if (u32(piece.bytes, 0, true) !== this.hash?.low32()) throw new Error("its checksum does not fit its content");
      return [];
    }
    if (piece.isFirst) this.beginFrame(piece);
    this.movedBytes += piece.windowBytes;
    if (this.movedBytes > WINDOW_MOVES_FREE + WINDOW_MOVES_PER_BYTE_MAX * this.outputBytes) {
      throw new ReadError("the zstd data is cut into tiny blocks; unpack it with `zstd -d` first");
    }
    this.output = [];
    // In two steps: fzstd empties its list of leftovers only when it joins one to what comes next.
    const last = piece.bytes.length - 1;
    this.decoder.push(piece.bytes.subarray(0, last));
    this.decoder.push(piece.bytes.subarray(last), piece.isLastBlock);
    return this.output;
  }

  /** fzstd does not verify checksums: it is told there is none, and the content is hashed here. */
  private beginFrame(piece: ZstdPiece): void {
    this.decoder = new Decompress((block) => this.keep(block));
    this.hash = piece.hasChecksum ? new Xxh64() : null;
    piece.bytes[4] &= ~HAS_CHECKSUM;
  }

  close(): void {}

  private keep(block: Uint8Array): void {
    if (block.length === 0) return;
    this.output.push(block);
    this.outputBytes += block.length;
    this.hash?.update(block);
  }
}
