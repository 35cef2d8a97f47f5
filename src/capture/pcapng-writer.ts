import assert from "node:assert";
import { CAPLEN_MAX } from "./limits.ts";
import {
  BLOCK_BYTES_MIN,
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  SECTION_HEADER,
} from "./pcapng-blocks.ts";
import { END_OF_OPTIONS, IF_TSRESOL, NANOSECONDS, OPT_COMMENT, SHB_USERAPPL } from "./pcapng-options.ts";

/** An option's length has 16 bits. */
const OPTION_BYTES_MAX = 0xffff;

/** Takes the bytes of a file in order; each array is its own to keep. */
export interface CaptureSink {
  write(bytes: Uint8Array): void;
}

/** What a file says of itself. */
export interface CaptureDescription {
  /** Name and version of the program that captured. */
  readonly application: string;
  readonly comment?: string;
  readonly linkType: number;
  /** Bytes kept of a packet; 0: no limit. */
  readonly snaplen?: number;
}

/** One packet to be written. */
export interface PacketRecord {
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  readonly bytes: Uint8Array;
  /** On the wire; that of `bytes` if absent. */
  readonly originalLength?: number;
  readonly comments?: readonly string[];
}

/** Writes a pcapng of one section and one interface, little-endian, with nanoseconds. draft-ietf-opsawg-pcapng §4 */
export class PcapngWriter {
  readonly #sink: CaptureSink;

  /** Writes the section header and the interface at once. */
  constructor(sink: CaptureSink, description: CaptureDescription) {
    this.#sink = sink;
    sink.write(sectionHeader(description));
    sink.write(interfaceDescription(description));
  }

  packet({ at, bytes, originalLength = bytes.length, comments = [] }: PacketRecord): void {
    assert(bytes.length <= CAPLEN_MAX && bytes.length <= originalLength, `a packet of ${bytes.length} bytes`);
    const options = comments.map((comment) => textOption(OPT_COMMENT, comment));
    const { block, view } = newBlock(ENHANCED_PACKET, 20 + padded(bytes.length) + optionsLength(options));
    view.setUint32(12, Number(at >> 32n), true);
    view.setUint32(16, Number(at & 0xffff_ffffn), true);
    view.setUint32(20, bytes.length, true);
    view.setUint32(24, originalLength, true);
    block.set(bytes, 28);
    putOptions(view, 28 + padded(bytes.length), options);
    this.#sink.write(block);
  }
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

function sectionHeader({ application, comment }: CaptureDescription): Uint8Array {
  const options = [textOption(SHB_USERAPPL, application)];
  if (comment !== undefined) options.unshift(textOption(OPT_COMMENT, comment));
  const { block, view } = newBlock(SECTION_HEADER, 16 + optionsLength(options));
  view.setUint32(8, BYTE_ORDER_MAGIC, true);
  view.setUint16(12, 1, true);
  // How long the section is nobody knows yet.
  view.setBigInt64(16, -1n, true);
  putOptions(view, 24, options);
  return block;
}

function interfaceDescription({ linkType, snaplen = 0 }: CaptureDescription): Uint8Array {
  const options = [{ code: IF_TSRESOL, value: Uint8Array.of(NANOSECONDS) }];
  const { block, view } = newBlock(INTERFACE_DESCRIPTION, 8 + optionsLength(options));
  view.setUint16(8, linkType, true);
  view.setUint32(12, snaplen, true);
  putOptions(view, 16, options);
  return block;
}

/** A block with its type, and its length in front and behind. */
function newBlock(type: number, bodyLength: number): { block: Uint8Array; view: DataView } {
  const block = new Uint8Array(BLOCK_BYTES_MIN + bodyLength);
  const view = new DataView(block.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, block.length, true);
  view.setUint32(block.length - 4, block.length, true);
  return { block, view };
}

function textOption(code: number, text: string): Option {
  const value = new Uint8Array(Math.min(OPTION_BYTES_MAX, 3 * text.length));
  // What is too long is cut between characters.
  const { written } = new TextEncoder().encodeInto(text, value);
  return { code, value: value.subarray(0, written) };
}

/** With the end mark, which stands only behind options. */
function optionsLength(options: readonly Option[]): number {
  return options.reduce((sum, { value }) => sum + 4 + padded(value.length), options.length === 0 ? 0 : 4);
}

function putOptions(view: DataView, start: number, options: readonly Option[]): void {
  let at = start;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    new Uint8Array(view.buffer).set(value, at + 4);
    at += 4 + padded(value.length);
  }
  if (options.length > 0) view.setUint16(at, END_OF_OPTIONS, true);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
