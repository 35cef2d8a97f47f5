import type { Chunk } from "./chunk.ts";
import { CAPLEN_MAX } from "./limits.ts";
import type { PcapHeader } from "./pcap-header.ts";
import type { ScanResult } from "./search.ts";
import { u32 } from "./word.ts";

/** So many record headers in a row, each where the one before says, are taken for real ones. */
const CHAIN_RECORDS = 3;
/** Records are looked for within a week of the last good one. */
const TIME_WINDOW_SECONDS = 604_800;

/**
 * Looks for the next record of a damaged classic pcap: it has no marks, so a record is believed when its
 * header is plausible and leads to others, or to the exact end of the file. Each byte is looked at once.
 */
export class PcapResync {
  needed = 0;
  private readonly header: PcapHeader;
  private readonly fractionMax: number;

  constructor(header: PcapHeader) {
    this.header = header;
    this.fractionMax = 1_000_000_000 / header.nanosPerUnit;
  }

  /** Moves `chunk.start` to the next record; `nearSeconds` is the time of the last good one, NaN if there is none. */
  scan(chunk: Chunk, nearSeconds: number): ScanResult {
    const headerBytes = this.header.recordHeaderBytes;
    const last = chunk.end - headerBytes;
    for (let at = chunk.start; at <= last; at++) {
      if (!this.isPlausible(chunk.bytes, at, nearSeconds)) continue;
      const verdict = this.followChain(chunk, at);
      if (verdict === "none") continue;
      chunk.start = at;
      return verdict;
    }
    chunk.start = chunk.isEnded ? chunk.end : Math.max(chunk.start, last + 1);
    this.needed = headerBytes;
    return chunk.isEnded ? "none" : "more";
  }

  private followChain(chunk: Chunk, first: number): ScanResult {
    const { isLittleEndian, recordHeaderBytes } = this.header;
    const { bytes, end } = chunk;
    let at = first;
    let near = Number.NaN;
    for (let records = 0; records < CHAIN_RECORDS; records++) {
      if (at === end && chunk.isEnded) return "found";
      if (at + recordHeaderBytes > end) {
        this.needed = at + recordHeaderBytes - first;
        // The last record of the file may be cut: two headers before it are proof enough.
        return chunk.isEnded ? (records >= 2 ? "found" : "none") : "more";
      }
      if (!this.isPlausible(bytes, at, near)) return "none";
      near = u32(bytes, at, isLittleEndian);
      at += recordHeaderBytes + u32(bytes, at + 8, isLittleEndian);
    }
    return "found";
  }

  private isPlausible(b: Uint8Array, at: number, nearSeconds: number): boolean {
    const { isLittleEndian } = this.header;
    const captured = u32(b, at + 8, isLittleEndian);
    if (captured === 0 || captured > CAPLEN_MAX) return false;
    const original = u32(b, at + 12, isLittleEndian);
    if (original < captured || original > 0x7fff_ffff) return false;
    if (u32(b, at + 4, isLittleEndian) >= this.fractionMax) return false;
    return !(Math.abs(u32(b, at, isLittleEndian) - nearSeconds) > TIME_WINDOW_SECONDS);
  }
}
