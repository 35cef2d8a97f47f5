/** Writes small captures for tests, byte by byte from the format descriptions and with no code of src/. */

export type ByteOrder = "little" | "big";

export interface WrittenPacket {
  seconds: number;
  nanos?: number;
  bytes: Uint8Array;
  /** Length on the wire; that of `bytes` if absent. */
  originalLength?: number;
}

export interface PcapShape {
  order?: ByteOrder;
  /** Nanosecond instead of microsecond time stamps. */
  nanos?: boolean;
  /** The modified kind with 24-byte record headers. */
  modified?: boolean;
  /** The whole link type field, FCS bits included. */
  linkType?: number;
  snaplen?: number;
}

/** A classic pcap. */
export function writePcap(shape: PcapShape, packets: readonly WrittenPacket[]): Uint8Array {
  const out = new ByteWriter(shape.order ?? "little");
  const magic = shape.modified ? 0xa1b2cd34 : shape.nanos ? 0xa1b23c4d : 0xa1b2c3d4;
  out.u32(magic).u16(2).u16(4).u32(0).u32(0);
  out.u32(shape.snaplen ?? 262144).u32(shape.linkType ?? 1);
  for (const packet of packets) {
    const nanos = packet.nanos ?? 0;
    out.u32(packet.seconds).u32(shape.nanos ? nanos : Math.floor(nanos / 1000));
    out.u32(packet.bytes.length).u32(packet.originalLength ?? packet.bytes.length);
    if (shape.modified) out.u32(1).u16(8).u16(0);
    out.raw(packet.bytes);
  }
  return out.done();
}

export interface WrittenOption {
  code: number;
  bytes: Uint8Array;
}

/** The blocks of a section, in file order. */
export type PcapngItem =
  | {
      kind: "interface";
      linkType?: number;
      snaplen?: number;
      /** The if_tsresol byte; microseconds if absent. */
      tsresol?: number;
      tsoffset?: number;
      fcslen?: number;
    }
  | ({ kind: "enhanced" | "packet"; interface?: number; options?: readonly WrittenOption[] } & (
      | WrittenPacket
      | { ticks: bigint; bytes: Uint8Array; originalLength?: number }
    ))
  | { kind: "simple"; bytes: Uint8Array; originalLength?: number }
  | { kind: "statistics"; interface?: number; received?: number; dropped?: number; osDropped?: number }
  | { kind: "raw"; type: number; body: Uint8Array };

export interface PcapngSection {
  order?: ByteOrder;
  items: readonly PcapngItem[];
}

/** A pcapng of one section or more. */
export function writePcapng(...sections: readonly PcapngSection[]): Uint8Array {
  return concat(sections.map(writeSection));
}

interface WrittenClock {
  tsresol: number;
  tsoffset: number;
}

function writeSection(section: PcapngSection): Uint8Array {
  const order = section.order ?? "little";
  const clocks: WrittenClock[] = [];
  const head = new ByteWriter(order).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff).done();
  const blocks = [block(order, 0x0a0d0d0a, head)];
  for (const item of section.items) {
    if (item.kind === "interface") clocks.push({ tsresol: item.tsresol ?? 6, tsoffset: item.tsoffset ?? 0 });
    blocks.push(writeItem(order, item, clocks));
  }
  return concat(blocks);
}

function writeItem(order: ByteOrder, item: PcapngItem, clocks: readonly WrittenClock[]): Uint8Array {
  const body = new ByteWriter(order);
  switch (item.kind) {
    case "interface": {
      body
        .u16(item.linkType ?? 1)
        .u16(0)
        .u32(item.snaplen ?? 0);
      const options: WrittenOption[] = [];
      if (item.tsresol !== undefined) options.push({ code: 9, bytes: Uint8Array.of(item.tsresol) });
      if (item.fcslen !== undefined) options.push({ code: 13, bytes: Uint8Array.of(item.fcslen) });
      if (item.tsoffset !== undefined) options.push({ code: 14, bytes: u64(order, BigInt(item.tsoffset)) });
      return block(order, 1, body.options(options).done());
    }
    case "enhanced":
    case "packet": {
      const number = item.interface ?? 0;
      const ticks = "ticks" in item ? item.ticks : ticksOf(item, clocks[number]);
      if (item.kind === "enhanced") body.u32(number);
      else body.u16(number).u16(0xffff);
      body.u32(Number(ticks >> 32n)).u32(Number(ticks & 0xffffffffn));
      body.u32(item.bytes.length).u32(item.originalLength ?? item.bytes.length);
      body
        .raw(item.bytes)
        .pad()
        .options(item.options ?? []);
      return block(order, item.kind === "enhanced" ? 6 : 2, body.done());
    }
    case "simple":
      return block(
        order,
        3,
        body
          .u32(item.originalLength ?? item.bytes.length)
          .raw(item.bytes)
          .pad()
          .done(),
      );
    case "statistics": {
      const counts: [number, number | undefined][] = [
        [4, item.received],
        [5, item.dropped],
        [7, item.osDropped],
      ];
      const options = counts.flatMap(([code, count]) =>
        count === undefined ? [] : [{ code, bytes: u64(order, BigInt(count)) }],
      );
      return block(
        order,
        5,
        body
          .u32(item.interface ?? 0)
          .u32(0)
          .u32(0)
          .options(options)
          .done(),
      );
    }
    case "raw":
      return block(order, item.type, item.body);
  }
}

function ticksOf(packet: WrittenPacket, clock: WrittenClock | undefined): bigint {
  const { tsresol, tsoffset } = clock ?? { tsresol: 6, tsoffset: 0 };
  const units = ((tsresol & 0x80) !== 0 ? 2n : 10n) ** BigInt(tsresol & 0x7f);
  return BigInt(packet.seconds - tsoffset) * units + (BigInt(packet.nanos ?? 0) * units) / 1_000_000_000n;
}

function block(order: ByteOrder, type: number, body: Uint8Array): Uint8Array {
  const length = 12 + ((body.length + 3) & ~3);
  return new ByteWriter(order).u32(type).u32(length).raw(body).pad().u32(length).done();
}

function u64(order: ByteOrder, value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), order === "little");
  return bytes;
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

class ByteWriter {
  private readonly bytes: number[] = [];
  private readonly isLittle: boolean;

  constructor(order: ByteOrder) {
    this.isLittle = order === "little";
  }

  u16(value: number): this {
    const bytes = [value & 0xff, (value >>> 8) & 0xff];
    this.bytes.push(...(this.isLittle ? bytes : bytes.reverse()));
    return this;
  }

  u32(value: number): this {
    const bytes = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
    this.bytes.push(...(this.isLittle ? bytes : bytes.reverse()));
    return this;
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  /** To a multiple of four bytes. */
  pad(): this {
    while (this.bytes.length % 4 !== 0) this.bytes.push(0);
    return this;
  }

  options(options: readonly WrittenOption[]): this {
    for (const { code, bytes } of options) this.u16(code).u16(bytes.length).raw(bytes).pad();
    return options.length === 0 ? this : this.u16(0).u16(0);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}
