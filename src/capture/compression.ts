import type { ByteSource } from "../sys/byte-source.ts";
import { UnpackedSource } from "./unpacked-source.ts";
import { u32 } from "./word.ts";

export type Compression = "gzip" | "zstd" | "lz4";

const ZSTD_MAGIC = 0xfd2fb528;
/** Sixteen magic numbers mark a skippable frame; pzstd starts its files with one. */
const ZSTD_SKIPPABLE_MAGIC = 0x184d2a50;
const LZ4_MAGIC = 0x184d2204;
const LZ4_LEGACY_MAGIC = 0x184c2102;

/** Recognises compressed data by its first bytes. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return "gzip";
  if (head.length < 4) return null;
  const magic = u32(head, 0, true);
  if (magic === ZSTD_MAGIC || (magic & ~0xf) >>> 0 === ZSTD_SKIPPABLE_MAGIC) return "zstd";
  return magic === LZ4_MAGIC || magic === LZ4_LEGACY_MAGIC ? "lz4" : null;
}

/**
 * The unpacked data of a compressed source; closing it closes the source. Unpackers are loaded when one is needed:
 * most captures are plain, and short ones take less time than loading them all.
 */
export async function unpack(source: ByteSource, compression: Compression): Promise<ByteSource> {
  if (compression === "gzip") {
    const { GzipUnpacker } = await import("./gzip.ts");
    return new UnpackedSource(source.name, new GzipUnpacker(source));
  }
  if (compression === "zstd") {
    const { ZstdUnpacker } = await import("./zstd.ts");
    return new UnpackedSource(source.name, new ZstdUnpacker(source));
  }
  const { throughProgram } = await import("../sys/program.ts");
  const missing = "lz4 is not installed: apt-get install lz4, or unpack the file first";
  return throughProgram(source, "lz4", ["-dc"], missing);
}
