/**
 * One captured packet. Readers fill the same object again and again: whoever needs
 * something of it later copies that out (`bytes` is a view into the reader's chunk).
 */
export interface Frame {
  /** 1-based within its capture, as Wireshark numbers it. */
  number: number;
  /** Index into the analysis' list of captures. */
  capture: number;
  /** Whole seconds since the epoch; NaN when the capture gives this packet no time (pcapng simple packet block). */
  seconds: number;
  /** 0 … 999,999,999. */
  nanos: number;
  /** pcapng interface number, over all sections of the file; 0 in classic pcap. */
  interfaceId: number;
  /** LINKTYPE_ number of the interface (tcpdump.org's registry). */
  linkType: number;
  /** Length of the frame check sequence at the end of each packet, 0 when absent or unknown. */
  fcsLength: number;
  bytes: Uint8Array;
  /** Where the packet starts in `bytes`. */
  offset: number;
  /** Bytes captured. */
  length: number;
  /** Bytes on the wire; above `length` when the snap length cut the packet. */
  originalLength: number;
}

/** A damaged place in a capture: what was wrong, and where. */
export interface Damage {
  /** Byte offset in the (unpacked) capture. */
  offset: number;
  /** The last good frame before it, 0 if none. */
  frame: number;
  kind: "truncated" | "bad-length" | "bad-block" | "decompression";
  message: string;
}

/** What the capturing program said it lost on an interface; the latest statement counts, null where it made none. */
export interface InterfaceDrops {
  interfaceId: number;
  received: number | null;
  /** Lost by the interface itself. */
  dropped: number | null;
  /** Lost by the operating system on the way to the program. */
  osDropped: number | null;
}

/** Reads the packets of one capture in file order. */
export interface FrameReader {
  readonly format: "pcap" | "pcapng";
  /** LINKTYPE_ numbers of the interfaces seen so far. */
  readonly linkTypes: readonly number[];
  readonly damage: readonly Damage[];
  /** Damaged places beyond those kept in `damage`. */
  readonly damageOmitted: number;
  /** What the capturing program said it lost, by interface; only pcapng says that. */
  readonly interfaceDrops: readonly InterfaceDrops[];
  /** Unpacked bytes consumed so far. */
  readonly bytesRead: number;
  /** Puts the next packet into `frame`; false when the buffered bytes hold no whole packet: then `fill()`. */
  next(frame: Frame): boolean;
  /** Reads more bytes; invalidates views into the previous chunk. False at the end of the capture. */
  fill(): Promise<boolean>;
}
