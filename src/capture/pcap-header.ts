import { CAPLEN_MAX, RECORD_BYTES_MAX } from "./limits.ts";
import { u32 } from "./word.ts";

export const PCAP_HEADER_BYTES = 24;

/** What the file header of a classic pcap says about its records. */
export interface PcapHeader {
  isLittleEndian: boolean;
  /** Nanoseconds in one unit of a record's fraction field. */
  nanosPerUnit: 1 | 1000;
  /** 16, or 24 in files of the modified kind ("Kuznetzov's": interface, protocol and packet type follow). */
  recordHeaderBytes: 16 | 24;
  snaplen: number;
  linkType: number;
  fcsLength: number;
  /** Longest record believed. */
  captureLengthMax: number;
}

const MICROS = 0xa1b2c3d4;
const NANOS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

/** Reads the 24 bytes at the start of a classic pcap; null when the magic number is none of its kinds. */
export function parsePcapHeader(bytes: Uint8Array, at: number): PcapHeader | null {
  const isLittleEndian = isPcapMagic(u32(bytes, at, true));
  const magic = u32(bytes, at, isLittleEndian);
  if (!isPcapMagic(magic)) return null;
  const snaplen = u32(bytes, at + 16, isLittleEndian);
  const linkField = u32(bytes, at + 20, isLittleEndian);
  return {
    isLittleEndian,
    nanosPerUnit: magic === NANOS ? 1 : 1000,
    recordHeaderBytes: magic === MODIFIED ? 24 : 16,
    snaplen,
    // Only the low 16 bits are the link type; above are FCS length and reserved bits (pcap-savefile(5)).
    linkType: linkField & 0xffff,
    fcsLength: fcsLength(linkField),
    // A packet longer than the snap length is common (writers leave a default there): tolerated.
    captureLengthMax: snaplen <= RECORD_BYTES_MAX ? Math.max(snaplen, CAPLEN_MAX) : CAPLEN_MAX,
  };
}

function isPcapMagic(magic: number): boolean {
  return magic === MICROS || magic === NANOS || magic === MODIFIED;
}

/** Bits 28 to 31 count 16-bit words, valid when bit 26 is set. */
function fcsLength(linkField: number): number {
  return (linkField & 0x0400_0000) === 0 ? 0 : (linkField >>> 28) * 2;
}
