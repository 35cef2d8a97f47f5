import { createGunzip } from "node:zlib";
import type { ByteSource } from "../sys/byte-source.ts";
import { ReadError } from "../sys/read-error.ts";
import { TransformFeed } from "./transform-feed.ts";
import type { Unpacker } from "./unpacked-source.ts";

/** Deflate packs 1032:1 at best, so one piece never unpacks to more than 17 MB. */
const PIECE_BYTES = 16_384;
/** zlib keeps back what it had unpacked of this much when it meets damage: small, so that little good data is lost. */
const OUTPUT_BYTES = 16_384;

/** Unpacks gzip, also of several members one after the other. */
export class GzipUnpacker implements Unpacker {
  private readonly source: ByteSource;
  private readonly feed = new TransformFeed(createGunzip({ chunkSize: OUTPUT_BYTES }));
  private failure: ReadError | null = null;
  private isEnded = false;

  constructor(source: ByteSource) {
    this.source = source;
  }

  async next(): Promise<Uint8Array[] | null> {
    if (this.failure !== null) throw this.failure;
    if (this.isEnded) return null;
    try {
      await this.step();
    } catch (error) {
      this.failure = asReadError(error);
    }
    return this.feed.take();
  }

  async close(): Promise<void> {
    this.feed.close();
    await this.source.close();
  }

  private async step(): Promise<void> {
    const piece = new Uint8Array(PIECE_BYTES);
    const count = await this.source.read(piece, 0);
    if (count > 0) {
      await this.feed.write(piece.subarray(0, count));
    } else {
      this.isEnded = true;
      await this.feed.end();
    }
  }
}

function asReadError(error: unknown): ReadError {
  if (error instanceof ReadError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const isCut = code === "Z_BUF_ERROR";
  return new ReadError(isCut ? "the gzip data ends too early" : `the gzip data is damaged: ${message}`, error);
}
