import type { Damage } from "../capture/frame.ts";
import type { Finding } from "../rules/finding.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { TimeBase } from "./time-base.ts";

/** Everything that is known of a set of captures after reading them; reports are views of it. */
export interface Analysis {
  readonly timeBase: TimeBase;
  readonly captures: readonly CaptureSummary[];
  readonly totals: Totals;
  /** In order of appearance; clients and sessions hang on them. */
  readonly servers: readonly ObservedServer[];
  /** Folded, in order of first occurrence. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Named bounds that let something go. */
  readonly limits: readonly Limit[];
  /** The user stopped it before the end of the captures. */
  readonly interrupted: boolean;
}

/** One capture file: what it is, what it holds, and where it is damaged. */
export interface CaptureSummary {
  readonly path: string;
  readonly format: "pcap" | "pcapng";
  readonly compression: "gzip" | "zstd" | "lz4" | null;
  /** LINKTYPE_ numbers. */
  readonly linkTypes: readonly number[];
  frames: number;
  /** Unpacked. */
  bytes: number;
  /** Nanoseconds since the time base; null without packets or times. */
  firstAt: number | null;
  lastAt: number | null;
  truncatedFrames: number;
  readonly damage: readonly Damage[];
  /** Damaged places beyond those. */
  readonly damageOmitted: number;
  /** Frames that the capturing program said it lost; null when the capture does not say. */
  readonly droppedFrames: number | null;
}

/** Counts over all captures; retransmitted segments and frames captured twice count once. */
export interface Totals {
  frames: number;
  /** Those that carried RPC. */
  tcpConnections: number;
  rpcCalls: number;
  rpcReplies: number;
  unansweredCalls: number;
  /** Calls by minor version, callbacks not counted. */
  readonly compounds: [v40: number, v41: number, v42: number];
  callbackCalls: number;
  callbackReplies: number;
  sequenceCalls: number;
  sequenceReplies: number;
  /** Calls of everything that is not NFSv4 COMPOUND, by `program.version`: `100003.3`. */
  readonly otherRpc: ReadonlyMap<string, number>;
  captureGaps: number;
}

/** How much of the traffic could be read at all. */
export interface Coverage {
  /** RPC records found. */
  records: number;
  /** Of those, read to their end without a doubt, or knowingly opaque (other programs). */
  understood: number;
  /** Stream bytes of RPC connections that are not in the capture or could not be assigned to a record. */
  bytesLost: number;
  gaps: number;
  truncatedRecords: number;
}

/** A bound of some table or buffer, and how much did not fit. */
export interface Limit {
  readonly name: string;
  readonly bound: number;
  readonly dropped: number;
}
