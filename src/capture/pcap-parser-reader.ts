import { EventEmitter } from "node:events";
import pcapParser, { type Packet } from "pcap-parser";
import type { Chunk } from "./chunk.ts";
import { DamageLog } from "./damage-log.ts";
import type { Damage, Frame, FrameReader } from "./frame.ts";
import { PCAP_HEADER_BYTES, type PcapHeader } from "./pcap-header.ts";
import { u32 } from "./word.ts";

const RECORD_HEADER_BYTES = 16;
/** At most so many bytes are handed over at once: the parser keeps an object for every packet in them. */
const BATCH_BYTES = 262_144;

/**
 * Reads classic microsecond pcap with the package pcap-parser (`--reader pcap-parser`).
 *
 * The package copies its whole buffer for every piece it gets, believes any length, and ends a cut file
 * without a word. So it is given whole records only, whose lengths were checked before; what is cut or
 * impossible is reported from here. There is no search for the next record after damage: PcapReader does that.
 */
export class PcapParserReader implements FrameReader {
  readonly format = "pcap";
  readonly interfaceDrops = [];
  readonly linkTypes: readonly number[];
  private readonly chunk: Chunk;
  private readonly header: PcapHeader;
  private readonly log = new DamageLog();
  private readonly input = new RecordFeed();
  private packets: Packet[] = [];
  private nextPacket = 0;
  private frames = 0;
  private needed = RECORD_HEADER_BYTES;
  private isFinished = false;

  /** `chunk` starts with the file header, which is all there and says microseconds. */
  constructor(chunk: Chunk, header: PcapHeader) {
    this.chunk = chunk;
    this.header = header;
    this.linkTypes = [header.linkType];
    const parser = pcapParser.parse(this.input);
    parser.on("packet", (packet) => this.packets.push(packet));
    parser.on("error", (error) => this.stop(error.message));
    this.hand(PCAP_HEADER_BYTES);
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
    if (this.nextPacket === this.packets.length && !this.parseMore()) return false;
    const { header, data } = this.packets[this.nextPacket++];
    const { header: file } = this;
    frame.number = ++this.frames;
    const carried = Math.floor(header.timestampMicroseconds / 1_000_000);
    frame.seconds = header.timestampSeconds + carried;
    frame.nanos = (header.timestampMicroseconds - carried * 1_000_000) * 1000;
    frame.interfaceId = 0;
    frame.linkType = file.linkType;
    frame.fcsLength = file.fcsLength;
    frame.bytes = data;
    frame.offset = 0;
    frame.length = data.length;
    frame.originalLength = Math.max(header.originalLength, data.length);
    return true;
  }

  async fill(): Promise<boolean> {
    if (this.isFinished) return false;
    if (await this.chunk.fill(this.needed)) return true;
    this.isFinished = true;
    this.log.addEnd(this.chunk, this.frames, `packet record (packet ${this.frames + 1})`);
    return false;
  }

  /** Hands the whole records that are in memory to the parser; false when there is none. */
  private parseMore(): boolean {
    if (this.isFinished) return false;
    this.packets.length = 0;
    this.nextPacket = 0;
    const bytes = this.wholeRecordBytes();
    if (bytes === 0) return false;
    this.hand(bytes);
    return this.packets.length > 0;
  }

  /** Length of the whole, plausible records at the start of the chunk. */
  private wholeRecordBytes(): number {
    const { bytes, start, end } = this.chunk;
    let at = start;
    while (at - start < BATCH_BYTES) {
      this.needed = RECORD_HEADER_BYTES;
      if (at + RECORD_HEADER_BYTES > end) break;
      const captured = u32(bytes, at + 8, this.header.isLittleEndian);
      if (captured > this.header.captureLengthMax) {
        if (at === start) this.stop(`a record of ${captured} captured bytes`);
        break;
      }
      this.needed = RECORD_HEADER_BYTES + captured;
      if (at + this.needed > end) break;
      at += this.needed;
    }
    return at - start;
  }

  private hand(bytes: number): void {
    const { chunk } = this;
    const from = chunk.start;
    chunk.start += bytes;
    this.input.emit("data", Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset + from, bytes));
  }

  private stop(why: string): void {
    this.isFinished = true;
    this.log.add(
      "bad-length",
      this.chunk.offset,
      this.frames,
      `packet ${this.frames + 1}: ${why}; reading stopped here`,
    );
  }
}

/** The stream the parser believes to read from. */
class RecordFeed extends EventEmitter {
  pause(): void {}
  resume(): void {}
}
