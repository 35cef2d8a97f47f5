import type { Chunk } from "./chunk.ts";
import { DamageLog } from "./damage-log.ts";
import type { Damage, Frame, FrameReader } from "./frame.ts";
import { PCAP_HEADER_BYTES, type PcapHeader } from "./pcap-header.ts";
import { PcapResync } from "./pcap-resync.ts";
import { concludeSearch } from "./search.ts";

/** Reads classic pcap: both byte orders, micro- and nanoseconds. */
export class PcapReader implements FrameReader {
  readonly format = "pcap";
  readonly interfaceDrops = [];
  readonly linkTypes: readonly number[];
  private readonly chunk: Chunk;
  private readonly header: PcapHeader;
  private readonly resync: PcapResync;
  private readonly log = new DamageLog();
  private frames = 0;
  private lastSeconds = Number.NaN;
  /** Bytes that must be in memory before `next` can go on. */
  private needed: number;
  /** Offset of the damage that the next record is looked for after, -1 when all is well. */
  private lostAt = -1;
  private isFinished = false;
  /** What is in memory: reading a number of it is one instruction with a view. */
  private bytes: Uint8Array;
  private view: DataView;

  /** `chunk` starts with the file header, which is all there. */
  constructor(chunk: Chunk, header: PcapHeader) {
    this.chunk = chunk;
    this.header = header;
    this.resync = new PcapResync(header);
    this.linkTypes = [header.linkType];
    this.needed = header.recordHeaderBytes;
    this.bytes = chunk.bytes;
    this.view = viewOf(chunk.bytes);
    chunk.start += PCAP_HEADER_BYTES;
  }

  get damage(): readonly Damage[] {
    return this.log.places;
  }

  get damageOmitted(): number {
    return this.log.omitted;
  }

  get bytesRead(): number {
    return this.chunk.offset;
  }

  next(frame: Frame): boolean {
    if (this.lostAt >= 0 && !this.findRecord()) return false;
    const { chunk, header } = this;
    const little = header.isLittleEndian;
    for (;;) {
      const at = chunk.start;
      const left = chunk.end - at;
      let needed: number = header.recordHeaderBytes;
      if (left >= needed) {
        if (chunk.bytes !== this.bytes) this.lookAt(chunk.bytes);
        const { view } = this;
        const seconds = view.getUint32(at, little);
        const captured = view.getUint32(at + 8, little);
        const original = view.getUint32(at + 12, little);
        if (captured > header.captureLengthMax || (captured === 0 && original === 0 && seconds === 0)) {
          if (!this.lose(captured)) return false;
          continue;
        }
        needed += captured;
        if (left >= needed) {
          chunk.start = at + needed;
          this.setTime(frame, seconds, view.getUint32(at + 4, little) * header.nanosPerUnit);
          this.describe(frame, captured, original);
          return true;
        }
      }
      this.needed = needed;
      return false;
    }
  }

  async fill(): Promise<boolean> {
    if (this.isFinished) return false;
    if (await this.chunk.fill(this.needed)) return true;
    // Only now is the end known, which a search for the next record may have waited for.
    if (this.lostAt >= 0 && this.findRecord()) return true;
    this.isFinished = true;
    this.log.addEnd(this.chunk, this.frames, `packet record (packet ${this.frames + 1})`);
    return false;
  }

  private describe(frame: Frame, captured: number, original: number): void {
    const { chunk, header } = this;
    frame.number = ++this.frames;
    frame.interfaceId = 0;
    frame.linkType = header.linkType;
    frame.fcsLength = header.fcsLength;
    frame.bytes = chunk.bytes;
    frame.offset = chunk.start - captured;
    frame.length = captured;
    // Some writers put 0 or less than what they captured there.
    frame.originalLength = Math.max(original, captured);
  }

  private lookAt(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** A fraction of a second or more is carried over, as a writer's arithmetic slip. */
  private setTime(frame: Frame, seconds: number, nanos: number): void {
    this.lastSeconds = seconds;
    if (nanos >= 1_000_000_000) {
      const carried = Math.floor(nanos / 1_000_000_000);
      frame.seconds = seconds + carried;
      frame.nanos = nanos - carried * 1_000_000_000;
    } else {
      frame.seconds = seconds;
      frame.nanos = nanos;
    }
  }

  private lose(captured: number): boolean {
    const { chunk } = this;
    const why =
      captured === 0
        ? "a record header of zero bytes"
        : `a record of ${captured} captured bytes (the limit is ${this.header.captureLengthMax})`;
    this.lostAt = chunk.offset;
    this.log.add("bad-length", chunk.offset, this.frames, `packet ${this.frames + 1}: ${why}`);
    chunk.start++;
    return this.findRecord();
  }

  /** Searches what is in memory for a record to go on with. */
  private findRecord(): boolean {
    const { chunk } = this;
    const outcome = concludeSearch(this.resync.scan(chunk, this.lastSeconds), chunk, this.lostAt, this.log, "packet");
    if (outcome !== "searching") this.lostAt = -1;
    if (outcome === "found") return true;
    this.needed = this.resync.needed;
    this.isFinished = outcome === "abandoned";
    return false;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
