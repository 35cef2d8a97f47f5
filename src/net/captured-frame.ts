/**
 * What the network layer needs of a captured packet; the capture layer's frames have this shape.
 * The same object may be filled again and again: nothing here keeps it.
 */
export interface CapturedFrame {
  /** Whole seconds since the epoch; NaN when the capture gives this packet no time. */
  seconds: number;
  /** 0 … 999,999,999. */
  nanos: number;
  /** LINKTYPE_ number (tcpdump.org's registry). */
  linkType: number;
  /** Length of the frame check sequence at the end of the packet, 0 when absent or unknown. */
  fcsLength: number;
  bytes: Uint8Array;
  /** Where the packet starts in `bytes`. */
  offset: number;
  /** Bytes captured. */
  length: number;
  /** Bytes on the wire; above `length` when the snap length cut the packet. */
  originalLength: number;
}
