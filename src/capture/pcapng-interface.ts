import type { InterfaceDrops } from "./frame.ts";
import { eachOption, IF_TSRESOL, i64Seconds, MICROSECONDS, u64Count } from "./pcapng-options.ts";
import { TimeScale } from "./pcapng-time.ts";
import { u16, u32 } from "./word.ts";

const IF_FCSLEN = 13;
const IF_TSOFFSET = 14;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** One interface of a section. */
export interface PcapngInterface {
  /** Number over all sections of the file. */
  readonly id: number;
  readonly linkType: number;
  /** 0: no limit. */
  readonly snaplen: number;
  readonly fcsLength: number;
  readonly clock: TimeScale;
}

/** Reads an Interface Description Block of `length` bytes at `at`. */
export function parseInterface(
  b: Uint8Array,
  at: number,
  length: number,
  little: boolean,
  id: number,
): PcapngInterface {
  let resolution = MICROSECONDS;
  let offsetSeconds = 0;
  let fcsLength = 0;
  eachOption(b, at + 16, at + length - 4, little, (code, value, size) => {
    if (code === IF_TSRESOL && size === 1) resolution = b[value];
    else if (code === IF_FCSLEN && size === 1) fcsLength = b[value];
    else if (code === IF_TSOFFSET && size === 8) offsetSeconds = i64Seconds(b, value, little);
  });
  return {
    id,
    linkType: u16(b, at + 8, little),
    snaplen: u32(b, at + 12, little),
    fcsLength,
    clock: new TimeScale(resolution, offsetSeconds),
  };
}

/** Takes over what an Interface Statistics Block of `length` bytes at `at` says. */
export function readStatistics(b: Uint8Array, at: number, length: number, little: boolean, into: InterfaceDrops): void {
  eachOption(b, at + 20, at + length - 4, little, (code, value, size) => {
    if (size !== 8) return;
    if (code === ISB_IFRECV) into.received = u64Count(b, value, little);
    else if (code === ISB_IFDROP) into.dropped = u64Count(b, value, little);
    else if (code === ISB_OSDROP) into.osDropped = u64Count(b, value, little);
  });
}
