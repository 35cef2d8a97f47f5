import type { NetworkCounters } from "../net/counters.ts";
import { UNANSWERED_CALLS_MAX } from "../rpc/exchange.ts";
import { RECORD_KEPT_MAX } from "../rpc/record-gather.ts";
import type { CaptureFacts } from "../rules/rule.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { Sighting } from "../session/sighting.ts";
import type { CurrentFrame } from "./current-frame.ts";
import type { RpcObserver } from "./rpc-observer.ts";
import type { Tally } from "./tally.ts";

/**
 * Enough for a record mark, RPC header, AUTH_SYS with sixteen groups, a short tag and SEQUENCE (200 bytes), behind
 * Linux cooked or VLAN headers, IPv6 and TCP with options (110).
 */
const SNAPLEN_FOR_SEQUENCE = 320;
/** A context handle, a verifier of Kerberos and the integrity wrapping come in addition. RFC 2203 §5.3 */
const SNAPLEN_FOR_SEQUENCE_GSS = 512;

/** Frames of two interfaces may be recorded in the wrong order so close together. */
const CROSSING_NANOS = 2e6;

/** What capture and network layers saw, gathered for the rules and the report's coverage. */
export class CaptureEvidence implements CaptureFacts {
  records = 0;
  truncatedRecords = 0;
  /** Cut before their xid and direction. */
  unknownRecords = 0;
  bytesLost = 0;
  zeroWindows = 0;
  /** Of NFS connections, as the next. */
  retransmittedSegments = 0;
  duplicateFrames = 0;
  callsForgotten = 0;
  oversizeRecords = 0;
  /** On any connection: what doubles packets doubles them all. */
  firstDuplicate: Sighting | null = null;
  firstZeroWindow: Sighting | null = null;
  firstTruncated: Sighting | null = null;
  firstOutOfWindow: Sighting | null = null;
  clockSkewNanos = 0;
  clockSkewSighting: Sighting | null = null;
  readonly unsynced: { connection: ObservedConnection; bytes: number; sighting: Sighting }[] = [];
  /** On any connection, whatever it carries. */
  #firstRetransmission: Sighting | null = null;
  #interfaceId = -1;
  #hasSeveralInterfaces = false;
  /** Sum of the counters looked at. */
  #counted = 0;
  readonly #counters: NetworkCounters;
  readonly #now: CurrentFrame;
  readonly #tally: Tally;

  constructor(counters: NetworkCounters, now: CurrentFrame, tally: Tally) {
    this.#counters = counters;
    this.#now = now;
    this.#tally = tally;
  }

  /** Notes the first frame at which a counter moved. */
  look(): void {
    if (this.#now.interfaceId !== this.#interfaceId) {
      this.#hasSeveralInterfaces = this.#interfaceId >= 0;
      this.#interfaceId = this.#now.interfaceId;
    }
    const { retransmittedSegments, duplicateFrames, snaplenBytes, outOfWindowSegments } = this.#counters;
    // They only grow: while their sum stays, none has moved.
    const sum = retransmittedSegments + duplicateFrames + snaplenBytes + outOfWindowSegments;
    if (sum === this.#counted) return;
    this.#counted = sum;
    if (retransmittedSegments > 0) this.#firstRetransmission ??= this.#now.sighting();
    if (duplicateFrames > 0) this.firstDuplicate ??= this.#now.sighting();
    if (snaplenBytes > 0) this.firstTruncated ??= this.#now.sighting();
    if (outOfWindowSegments > 0) this.firstOutOfWindow ??= this.#now.sighting();
  }

  /** A connection is over: its counters join the sums. */
  book(observer: RpcObserver): void {
    const { nfs, network } = observer;
    this.callsForgotten += observer.callsForgotten;
    for (const index of [0, 1] as const) this.#bookReader(observer, index);
    if (nfs === null) return;
    const { facts } = network;
    this.retransmittedSegments += facts.retransmittedSegments;
    this.duplicateFrames += facts.duplicateFrames;
    if (facts.zeroWindows > 0) {
      this.zeroWindows += facts.zeroWindows;
      this.firstZeroWindow ??= nfs.closed ?? nfs.opened;
    }
    if (facts.silentHalf !== null) nfs.oneWay = facts.silentHalf === observer.clientEnd ? "server" : "client";
  }

  #bookReader({ readers, nfs }: RpcObserver, index: 0 | 1): void {
    const { counters, state } = readers[index];
    this.records += counters.records;
    if (readers[0].counters.records + readers[1].counters.records === 0 && nfs === null) return;
    this.truncatedRecords += counters.truncatedRecords;
    this.unknownRecords += counters.unknownRecords;
    this.bytesLost += counters.bytesLost;
    this.oversizeRecords += counters.oversize;
    if (nfs !== null && state === "searching" && counters.bytesLost > 0)
      this.unsynced.push({ connection: nfs, bytes: counters.bytesLost, sighting: nfs.opened });
  }

  /** A reply was captured before its call: the clocks of two interfaces differ by at least so much. */
  noteSkew(nanos: number, sighting: Sighting): void {
    if (nanos <= this.clockSkewNanos) return;
    this.clockSkewNanos = nanos;
    this.clockSkewSighting = sighting;
  }

  get crossingNanos(): number {
    return this.#hasSeveralInterfaces ? Math.max(CROSSING_NANOS, this.clockSkewNanos) : 0;
  }

  /** Null when it may have been on a connection without NFS. */
  get firstRetransmission(): Sighting | null {
    const isOurs = this.retransmittedSegments === this.#counters.retransmittedSegments;
    return isOurs ? this.#firstRetransmission : null;
  }

  /** Without a single readable call nothing at all could be followed. */
  get sequencesCut(): number {
    if (this.#tally.rpcCalls === 0) return this.truncatedRecords + this.unknownRecords;
    return this.#tally.sequencesCut + this.unknownRecords;
  }

  get outOfWindow(): number {
    return this.#counters.outOfWindowSegments;
  }

  get gaps(): number {
    return this.#counters.gaps;
  }

  get snaplenNeeded(): number | null {
    if (this.truncatedRecords === 0 || this.firstTruncated === null) return null;
    return this.#tally.gssCalls > 0 ? SNAPLEN_FOR_SEQUENCE_GSS : SNAPLEN_FOR_SEQUENCE;
  }

  limits() {
    return [
      { name: "unanswered calls of a connection", bound: UNANSWERED_CALLS_MAX, dropped: this.callsForgotten },
      { name: "bytes kept of a record", bound: RECORD_KEPT_MAX, dropped: this.oversizeRecords },
    ];
  }
}
