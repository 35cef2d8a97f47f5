import type { Chunk } from "./chunk.ts";
import { DamageLog } from "./damage-log.ts";
import type { Damage, Frame, FrameReader, InterfaceDrops } from "./frame.ts";
import { RECORD_BYTES_MAX } from "./limits.ts";
import {
  BLOCK_BYTES_MIN,
  BlockResync,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_STATISTICS,
  PACKET,
  SECTION_HEADER,
  SIMPLE_PACKET,
  sectionIsLittleEndian,
} from "./pcapng-blocks.ts";
import { type PcapngInterface, parseInterface, readStatistics } from "./pcapng-interface.ts";
import { concludeSearch } from "./search.ts";
import { u16, u32 } from "./word.ts";

/** Interfaces kept over all sections of a file. */
const INTERFACES_MAX = 65_536;
/** The smallest section header block: no options. */
export const SECTION_HEADER_BYTES_MIN = 28;

/** Reads pcapng: both byte orders, any number of sections and interfaces. */
export class PcapngReader implements FrameReader {
  readonly format = "pcapng";
  readonly linkTypes: number[] = [];
  readonly interfaceDrops: InterfaceDrops[] = [];
  private readonly chunk: Chunk;
  private readonly resync = new BlockResync();
  private readonly log = new DamageLog();
  /** Interfaces of the current section, by their number in it. */
  private interfaces: PcapngInterface[] = [];
  private interfaceCount = 0;
  private readonly seenLinkTypes = new Set<number>();
  private readonly dropsById = new Map<number, InterfaceDrops>();
  private isLittleEndian = true;
  private frames = 0;
  /** Bytes that must be in memory before `next` can go on. */
  private needed = SECTION_HEADER_BYTES_MIN;
  /** Offset of the damage that the next block is looked for after, -1 when all is well. */
  private lostAt = -1;
  private isFinished = false;

  /** `chunk` starts with a section header block. */
  constructor(chunk: Chunk) {
    this.chunk = chunk;
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
    const { chunk } = this;
    for (;;) {
      if (this.lostAt >= 0 && !this.findBlock()) return false;
      const at = chunk.start;
      const left = chunk.end - at;
      if (left < BLOCK_BYTES_MIN) return this.wait(BLOCK_BYTES_MIN);
      const b = chunk.bytes;
      const type = u32(b, at, this.isLittleEndian);
      if (type === SECTION_HEADER && !this.beginSection(at)) continue;
      const little = this.isLittleEndian;
      const length = u32(b, at + 4, little);
      if (length < BLOCK_BYTES_MIN || length > RECORD_BYTES_MAX || (length & 3) !== 0) {
        this.lose("bad-length", `a block of ${length} bytes`);
        continue;
      }
      if (left < length) return this.wait(length);
      const trailer = u32(b, at + length - 4, little);
      if (trailer !== length) {
        this.lose("bad-length", `a block of ${length} bytes that ends with the length ${trailer}`);
        continue;
      }
      chunk.start = at + length;
      if (type === ENHANCED_PACKET) {
        if (this.readPacket(frame, at, length, u32(b, at + 8, little))) return true;
      } else if (type === SIMPLE_PACKET) {
        if (this.readSimplePacket(frame, at, length)) return true;
      } else if (type === PACKET) {
        if (this.readPacket(frame, at, length, u16(b, at + 8, little))) return true;
      } else {
        this.readOtherBlock(type, at, length);
      }
    }
  }

  async fill(): Promise<boolean> {
    if (this.isFinished) return false;
    if (await this.chunk.fill(this.needed)) return true;
    // Only now is the end known, which a search for the next block may have waited for.
    if (this.lostAt >= 0 && this.findBlock()) return true;
    this.isFinished = true;
    this.log.addEnd(this.chunk, this.frames, "pcapng block");
    return false;
  }

  private wait(needed: number): false {
    this.needed = needed;
    return false;
  }

  private beginSection(at: number): boolean {
    const order = sectionIsLittleEndian(this.chunk.bytes, at);
    if (order === null) {
      this.lose("bad-block", "a section header without its byte-order magic");
      return false;
    }
    this.isLittleEndian = order;
    return true;
  }

  /** An enhanced packet, or the obsolete packet block, whose fields lie at the same places. */
  private readPacket(frame: Frame, at: number, length: number, interfaceNumber: number): boolean {
    const little = this.isLittleEndian;
    const b = this.chunk.bytes;
    const source = this.interfaces[interfaceNumber];
    if (source === undefined) return this.skip(at, `a packet of interface ${interfaceNumber}, which is not described`);
    if (length < 32) return this.skip(at, `a packet block of ${length} bytes`);
    const captured = u32(b, at + 20, little);
    if (captured > length - 32) return this.skip(at, `${captured} captured bytes in a block of ${length}`);
    source.clock.apply(frame, u32(b, at + 12, little), u32(b, at + 16, little));
    this.describe(frame, source, at + 28, captured, u32(b, at + 24, little));
    return true;
  }

  /** A simple packet has no time and no interface: it belongs to the section's first one. */
  private readSimplePacket(frame: Frame, at: number, length: number): boolean {
    const source = this.interfaces[0];
    if (source === undefined) return this.skip(at, "a simple packet before any interface is described");
    if (length < 16) return this.skip(at, `a simple packet block of ${length} bytes`);
    const original = u32(this.chunk.bytes, at + 8, this.isLittleEndian);
    const wanted = source.snaplen === 0 ? original : Math.min(original, source.snaplen);
    frame.seconds = Number.NaN;
    frame.nanos = 0;
    this.describe(frame, source, at + 12, Math.min(wanted, length - 16), original);
    return true;
  }

  private describe(frame: Frame, source: PcapngInterface, offset: number, captured: number, original: number): void {
    frame.number = ++this.frames;
    frame.interfaceId = source.id;
    frame.linkType = source.linkType;
    frame.fcsLength = source.fcsLength;
    frame.bytes = this.chunk.bytes;
    frame.offset = offset;
    frame.length = captured;
    frame.originalLength = Math.max(original, captured);
  }

  private readOtherBlock(type: number, at: number, length: number): void {
    if (type === SECTION_HEADER) this.interfaces = [];
    else if (type === INTERFACE_DESCRIPTION) this.addInterface(at, length);
    else if (type === INTERFACE_STATISTICS) this.addStatistics(at, length);
  }

  private addInterface(at: number, length: number): void {
    if (length < 20) {
      this.skip(at, `an interface description of ${length} bytes`);
    } else if (this.interfaceCount >= INTERFACES_MAX) {
      this.skip(at, `more than ${INTERFACES_MAX} interfaces`);
    } else {
      const added = parseInterface(this.chunk.bytes, at, length, this.isLittleEndian, this.interfaceCount++);
      this.interfaces.push(added);
      if (!this.seenLinkTypes.has(added.linkType)) {
        this.seenLinkTypes.add(added.linkType);
        this.linkTypes.push(added.linkType);
      }
    }
  }

  private addStatistics(at: number, length: number): void {
    const number = length < 24 ? -1 : u32(this.chunk.bytes, at + 8, this.isLittleEndian);
    const id = this.interfaces[number]?.id;
    if (id === undefined) {
      this.skip(at, "interface statistics without their interface");
      return;
    }
    let drops = this.dropsById.get(id);
    if (drops === undefined) {
      drops = { interfaceId: id, received: null, dropped: null, osDropped: null };
      this.dropsById.set(id, drops);
      this.interfaceDrops.push(drops);
    }
    readStatistics(this.chunk.bytes, at, length, this.isLittleEndian, drops);
  }

  /** Reports a block that says nonsense inside sound borders; the next one follows at once. */
  private skip(at: number, what: string): false {
    this.log.add("bad-block", this.chunk.base + at, this.frames, `after packet ${this.frames}: ${what}`);
    return false;
  }

  private lose(kind: "bad-length" | "bad-block", what: string): void {
    this.lostAt = this.chunk.offset;
    this.log.add(kind, this.lostAt, this.frames, `after packet ${this.frames}: ${what}`);
    this.chunk.start++;
  }

  /** Searches what is in memory for a block to go on with. */
  private findBlock(): boolean {
    const { chunk } = this;
    const outcome = concludeSearch(this.resync.scan(chunk, this.isLittleEndian), chunk, this.lostAt, this.log, "block");
    if (outcome !== "searching") this.lostAt = -1;
    if (outcome === "found") return true;
    this.needed = this.resync.needed;
    this.isFinished = outcome === "abandoned";
    return false;
  }
}
