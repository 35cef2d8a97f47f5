import type { NetworkCounters } from "../net/counters.ts";
import { UNANSWERED_CALLS_MAX } from "../rpc/exchange.ts";
import { RECORD_KEPT_MAX } from "../rpc/record-gather.ts";
import type { CaptureFacts } from "../rules/rule.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { Sighting } from "../session/sighting.ts";
import type { CurrentFrame } from "./current-frame.ts";
import type { RpcObserver } from "./rpc-observer.ts";

/** Enough for RPC header, AUTH_SYS with sixteen groups, tag and SEQUENCE, behind Ethernet, IPv6 and TCP with options. */
const SNAPLEN_FOR_SEQUENCE = 256;

/** What capture and network layers saw, gathered for the rules and the report's coverage. */
export class CaptureEvidence implements CaptureFacts {
  records = 0;
  truncatedRecords = 0;
  bytesLost = 0;
  zeroWindows = 0;
  callsForgotten = 0;
  oversizeRecords = 0;
  firstRetransmission: Sighting | null = null;
  firstDuplicate: Sighting | null = null;
  firstZeroWindow: Sighting | null = null;
  firstTruncated: Sighting | null = null;
  firstOutOfWindow: Sighting | null = null;
  clockSkewNanos = 0;
  clockSkewSighting: Sighting | null = null;
  readonly unsynced: { connection: ObservedConnection; bytes: number; sighting: Sighting }[] = [];
  readonly #counters: NetworkCounters;
  readonly #now: CurrentFrame;

  constructor(counters: NetworkCounters, now: CurrentFrame) {
    this.#counters = counters;
    this.#now = now;
  }

  /** Notes the first frame at which a counter moved. */
  look(): void {
    const counters = this.#counters;
    if (this.firstRetransmission === null && counters.retransmittedSegments > 0)
      this.firstRetransmission = this.#now.sighting();
    if (this.firstDuplicate === null && counters.duplicateFrames > 0) this.firstDuplicate = this.#now.sighting();
    if (this.firstTruncated === null && counters.snaplenBytes > 0) this.firstTruncated = this.#now.sighting();
    if (this.firstOutOfWindow === null && counters.outOfWindowSegments > 0)
      this.firstOutOfWindow = this.#now.sighting();
  }

  /** A connection is over: its counters join the sums. */
  book(observer: RpcObserver): void {
    const { nfs, network } = observer;
    this.callsForgotten += observer.callsForgotten;
    for (const index of [0, 1] as const) this.#bookReader(observer, index);
    if (nfs === null) return;
    const { facts } = network;
    if (facts.zeroWindows > 0) {
      this.zeroWindows += facts.zeroWindows;
      this.firstZeroWindow ??= nfs.closed ?? nfs.opened;
    }
    if (facts.silentHalf !== null) nfs.oneWay = facts.silentHalf === observer.clientEnd ? "server" : "client";
  }

  #bookReader({ readers, nfs }: RpcObserver, index: 0 | 1): void {
    const { counters, state } = readers[index];
    this.records += counters.records;
    if (counters.records === 0 && nfs === null) return;
    this.truncatedRecords += counters.truncatedRecords;
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

  get retransmittedSegments(): number {
    return this.#counters.retransmittedSegments;
  }

  get duplicateFrames(): number {
    return this.#counters.duplicateFrames;
  }

  get outOfWindow(): number {
    return this.#counters.outOfWindowSegments;
  }

  get gaps(): number {
    return this.#counters.gaps;
  }

  get snaplenNeeded(): number | null {
    return this.truncatedRecords > 0 && this.firstTruncated !== null ? SNAPLEN_FOR_SEQUENCE : null;
  }

  limits() {
    return [
      { name: "unanswered calls of a connection", bound: UNANSWERED_CALLS_MAX, dropped: this.callsForgotten },
      { name: "bytes kept of a record", bound: RECORD_KEPT_MAX, dropped: this.oversizeRecords },
    ];
  }
}
