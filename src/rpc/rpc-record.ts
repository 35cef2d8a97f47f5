/** What a record reader hands out, what it wants to know, and what it counts. */
import type { PayloadLocator } from "./record-gather.ts";

/** One RPC message. The reader fills the same object again and again; `bytes` is valid only during `record()`. */
export interface RpcRecord {
  bytes: Uint8Array;
  /** The captured bytes of the message, contiguous, without record marks, are `bytes[start, end)`. */
  start: number;
  end: number;
  /** Length of the message on the wire: all its fragments, without their marks. */
  length: number;
  /** At this physical position `elidedLength` payload bytes were left out; NOT_ELIDED (-1) if none were. */
  elidedAt: number;
  elidedLength: number;
  /** The end of the message was not captured, or not kept. */
  truncated: boolean;
  /** Stream offset of its first record mark. */
  streamOffset: number;
}

export interface RecordHandler {
  record(record: RpcRecord): void;
}

export interface RecordReaderOptions {
  /** The handshake was captured: the stream starts with a record mark. */
  startsInSync: boolean;
  /** Finds bulk payload worth leaving out of records that come in several segments. */
  locatePayload?: PayloadLocator | undefined;
  /** Is a call with this xid outstanding in the other direction? Makes finding replies after a gap certain. */
  knowsXid?: ((xid: number) => boolean) | undefined;
  /** Which calls an RPC stream may start with; `plausibleCall` when absent. */
  plausible?: ((program: number, version: number, procedure: number) => boolean) | undefined;
}

/**
 * `searching`: the next record mark is unknown; `not-rpc`: nothing like RPC was found, bytes are dropped unread;
 * `opaque`: the owner said that what follows is encrypted.
 */
export type RecordState = "in-sync" | "searching" | "not-rpc" | "opaque";

export interface RecordCounters {
  records: number;
  /** Of those, the ones whose end is missing. */
  truncatedRecords: number;
  /** Of those, the ones cut by RECORD_KEPT_MAX. */
  oversize: number;
  /** Records of which only the extent is known: not even xid and msg_type were captured. */
  unknownRecords: number;
  /** Stream bytes, captured or not, that no record came out of. */
  bytesLost: number;
  /** Bytes of a stream that is no RPC, or is encrypted. */
  bytesIgnored: number;
  /** Times the record marks were lost in an RPC stream and found again. */
  resyncs: number;
  gaps: number;
  elidedBytes: number;
}
