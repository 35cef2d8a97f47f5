/** RPC record marking over TCP: stream bytes in, whole messages out. RFC 5531 §11. */
import { wordView } from "../xdr/word-view.ts";
import { REPLY } from "./constants.ts";
import { HEAD_LENGTH, type HeadChecks, judgeHead, LENGTH_UNKNOWN, MESSAGE_LENGTH_MIN, NO } from "./plausible-head.ts";
import { plausibleCall } from "./programs.ts";
import { NOT_ELIDED, RecordGather } from "./record-gather.ts";
import { RECORD_LENGTH_MAX, RecordSearch } from "./record-search.ts";
import type { RecordCounters, RecordHandler, RecordReaderOptions, RecordState, RpcRecord } from "./rpc-record.ts";

/** A connection captured from its start whose first bytes are no RPC (SSH, HTTP, TLS) is given up after so many. */
export const NOT_RPC_AFTER_BYTES = 64 * 1024;
/** One captured from the middle may be inside a transfer: two of the largest that Linux sends (4 MiB). */
export const NOT_RPC_AFTER_BYTES_MIDSTREAM = 8 * 1024 * 1024;
/** Empty fragments are legal, but so many in one record say that these are no record marks. */
export const EMPTY_FRAGMENTS_MAX = 64;

/** xid and msg_type: with less of a message captured nobody can say which exchange it belongs to. */
const IDENTIFIED_LENGTH = 8;
const MARK_LENGTH = 4;

/** Reads one direction of a TCP connection. */
export class RecordReader {
  state: RecordState;
  readonly counters: RecordCounters = {
    records: 0,
    truncatedRecords: 0,
    oversize: 0,
    unknownRecords: 0,
    bytesLost: 0,
    bytesIgnored: 0,
    resyncs: 0,
    gaps: 0,
    elidedBytes: 0,
  };

  private readonly handler: RecordHandler;
  private readonly checks: HeadChecks;
  private readonly gather: RecordGather;
  private readonly finder: RecordSearch;
  private readonly out: RpcRecord;

  /** Stream offset of the next byte. */
  private delivered = 0;
  /** Stream offset of index 0 of the bytes in hand. */
  private origin = 0;
  private patience: number;
  /** Captured bytes searched without a record, and how many records had come before. */
  private searched = 0;
  private recordsAtLoss = 0;

  /** A record was begun that did not end in the segment it began in. */
  private isOpen = false;
  private recordOffset = 0;
  private isHeadChecked = false;
  /** Bytes of the record's fragments so far, as their marks announce them. */
  private announced = 0;
  private isLast = false;
  private fragmentLeft = 0;
  private emptyFragments = 0;
  private mark = 0;
  private markHave = 0;
  private markOffset = 0;

  constructor(handler: RecordHandler, options: RecordReaderOptions) {
    this.handler = handler;
    this.checks = { plausibleCall: options.plausible ?? plausibleCall, knowsXid: options.knowsXid };
    this.gather = new RecordGather(options.locatePayload);
    this.finder = new RecordSearch(this.checks);
    this.state = options.startsInSync ? "in-sync" : "searching";
    this.patience = options.startsInSync ? NOT_RPC_AFTER_BYTES : NOT_RPC_AFTER_BYTES_MIDSTREAM;
    this.out = {
      bytes: this.gather.bytes,
      start: 0,
      end: 0,
      length: 0,
      elidedAt: NOT_ELIDED,
      elidedLength: 0,
      truncated: false,
      streamOffset: 0,
    };
  }

  /** Bytes that no record came out of, nor will. */
  get bytesGivenUp(): number {
    return this.counters.bytesLost - (this.state === "searching" ? this.finder.undecidedBytes : 0);
  }

  /** The next stream bytes. */
  bytes(bytes: Uint8Array, start: number, end: number): void {
    const offset = this.delivered;
    this.delivered = offset + end - start;
    this.feed(bytes, start, end, offset);
  }

  /** The next `length` stream bytes were not captured. */
  missing(length: number, why: "snaplen" | "gap"): void {
    if (length <= 0) return;
    if (why === "gap") this.counters.gaps++;
    this.delivered += length;
    if (this.counters.records === 0) this.patience = NOT_RPC_AFTER_BYTES_MIDSTREAM;
    if (this.state === "in-sync") {
      if (this.isOpen && length <= this.fragmentLeft) this.missInRecord(length);
      else this.missBeyondRecord(length);
    } else if (this.state === "searching") {
      this.finder.interrupt();
      this.counters.bytesLost += length;
    } else this.counters.bytesIgnored += length;
  }

  /** The capture or the connection ended: a record that is not all there comes out truncated. */
  finish(): void {
    if (this.state !== "in-sync" || !this.isOpen) return;
    if (!this.endEarly()) this.counters.bytesLost += this.delivered - this.recordOffset;
  }

  /** What follows is no RPC for us (TLS after STARTTLS); bytes already begun are dropped too. */
  becomeOpaque(): void {
    this.state = "opaque";
    this.isOpen = false;
    this.gather.restart();
  }

  private feed(bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.origin = offset - start;
    let at = start;
    while (at < end) {
      if (this.state === "in-sync") {
        at = this.isOpen ? this.continueRecord(bytes, start, at, end) : this.readWhole(bytes, at, end);
      } else if (this.state === "searching") {
        at = this.search(bytes, at, end);
      } else {
        this.counters.bytesIgnored += end - at;
        at = end;
      }
    }
  }

  /** Hands out the records that lie whole in these bytes, and opens the first that does not. */
  private readWhole(bytes: Uint8Array, from: number, end: number): number {
    const words = wordView(bytes);
    let at = from;
    while (end - at >= MARK_LENGTH) {
      const mark = words.getInt32(at);
      const length = mark & 0x7fff_ffff;
      const message = at + MARK_LENGTH;
      // The sign bit says that this is the last fragment.
      if (mark >= 0 || length > end - message) break;
      if (!this.isHead(bytes, message, message + length, length)) {
        return this.loseSync(this.origin + at, from);
      }
      const out = this.out;
      out.bytes = bytes;
      out.start = message;
      out.end = message + length;
      out.length = length;
      out.elidedAt = NOT_ELIDED;
      out.elidedLength = 0;
      out.truncated = false;
      out.streamOffset = this.origin + at;
      at = message + length;
      this.counters.records++;
      this.handler.record(out);
      if (this.state !== "in-sync") return at;
    }
    if (at < end) this.open(this.origin + at);
    return at;
  }

  private open(offset: number): void {
    this.isOpen = true;
    this.recordOffset = offset;
    this.isHeadChecked = false;
    this.announced = 0;
    this.isLast = false;
    this.fragmentLeft = 0;
    this.emptyFragments = 0;
    this.markHave = 0;
    this.gather.restart();
  }

  private continueRecord(bytes: Uint8Array, start: number, from: number, end: number): number {
    if (this.fragmentLeft === 0) return this.readMark(bytes, start, from, end);
    let length = Math.min(this.fragmentLeft, end - from);
    // The header alone first: if it is none, the bytes behind it are still in hand.
    if (!this.isHeadChecked) length = Math.min(length, HEAD_LENGTH - this.gather.have);
    const at = from + length;
    this.gather.take(bytes, from, at, this.announced, this.isLast);
    this.fragmentLeft -= length;
    const isComplete = this.fragmentLeft === 0 && this.isLast;
    if (!this.isHeadChecked && (isComplete || this.gather.have === HEAD_LENGTH)) {
      if (!this.isGatheredHead()) return this.loseSync(this.recordOffset, start);
      this.isHeadChecked = true;
    }
    if (isComplete) this.complete(this.origin + at);
    return at;
  }

  private readMark(bytes: Uint8Array, start: number, from: number, end: number): number {
    let at = from;
    if (this.markHave === 0) this.markOffset = this.origin + at;
    while (at < end && this.markHave < MARK_LENGTH) {
      this.mark = ((this.mark << 8) | bytes[at++]) >>> 0;
      this.markHave++;
    }
    if (this.markHave < MARK_LENGTH) return at;
    this.markHave = 0;
    const isFragment = this.startFragment(this.mark & 0x7fff_ffff, this.mark >>> 31 === 1);
    if (!isFragment) return this.loseSync(this.markOffset, start);
    if (this.fragmentLeft > 0 || !this.isLast) return at;
    if (!this.isHeadChecked && !this.isGatheredHead()) return this.loseSync(this.recordOffset, start);
    this.complete(this.origin + at);
    return at;
  }

  /** False when these are no length and flag of a fragment that could belong here. */
  private startFragment(length: number, isLast: boolean): boolean {
    const announced = this.announced + length;
    if (announced > RECORD_LENGTH_MAX || (isLast && announced < MESSAGE_LENGTH_MIN)) return false;
    if (length === 0 && ++this.emptyFragments > EMPTY_FRAGMENTS_MAX) return false;
    // Nobody begins a connection with a fragment that cuts the header: what does is no RPC.
    if (this.counters.records === 0 && announced < MESSAGE_LENGTH_MIN) return false;
    this.announced = announced;
    this.isLast = isLast;
    this.fragmentLeft = length;
    return true;
  }

  /** Once RPC was seen, xid and a msg_type will do; before, the first message must look like one all through. */
  private isHead(bytes: Uint8Array, at: number, end: number, length: number): boolean {
    if (length < MESSAGE_LENGTH_MIN) return false;
    if (this.counters.records === 0) return judgeHead(bytes, at, end, length, this.checks) !== NO;
    if (end - at < IDENTIFIED_LENGTH) return true;
    return wordView(bytes).getUint32(at + 4) <= REPLY;
  }

  private isGatheredHead(): boolean {
    const length = this.isLast ? this.announced : LENGTH_UNKNOWN;
    return this.isHead(this.gather.bytes, 0, this.gather.have, length);
  }

  /** Missing bytes that belong to the record being read, whose extent is known. */
  private missInRecord(length: number): void {
    this.gather.miss(length, this.announced, this.isLast);
    this.fragmentLeft -= length;
    if (!this.isHeadChecked && !this.isGatheredHead()) {
      this.isOpen = false;
      this.startSearch();
      this.counters.bytesLost += this.delivered - this.recordOffset;
      return;
    }
    this.isHeadChecked = true;
    if (this.fragmentLeft === 0 && this.isLast) this.complete(this.delivered);
  }

  /** Missing bytes that hold, or may hold, a record mark. */
  private missBeyondRecord(length: number): void {
    let lostFrom = this.delivered - length;
    if (this.isOpen) {
      lostFrom = this.markHave > 0 ? this.markOffset : lostFrom + this.fragmentLeft;
      this.gather.miss(this.fragmentLeft, this.announced, this.isLast);
      if (!this.endEarly()) lostFrom = this.recordOffset;
    }
    this.counters.bytesLost += this.delivered - lostFrom;
    if (this.state === "in-sync") this.startSearch();
  }

  /** Goes searching one byte behind `suspect`, the stream offset of the record mark that is none. */
  private loseSync(suspect: number, start: number): number {
    if (this.isOpen && suspect > this.recordOffset && !this.endEarly()) {
      this.counters.bytesLost += suspect - this.recordOffset;
    }
    this.isOpen = false;
    if (this.state === "in-sync") this.startSearch();
    const resume = Math.max(start, suspect + 1 - this.origin);
    this.counters.bytesLost += this.origin + resume - suspect;
    return resume;
  }

  private startSearch(): void {
    this.state = "searching";
    this.finder.interrupt();
    if (this.counters.records > this.recordsAtLoss) this.searched = 0;
    this.recordsAtLoss = this.counters.records;
  }

  private search(bytes: Uint8Array, at: number, end: number): number {
    const { counters, finder } = this;
    if (!finder.find(bytes, at, end, this.origin + at)) {
      counters.bytesLost += end - at;
      this.searched += end - at;
      // No record is longer than RECORD_LENGTH_MAX, so after as many bytes a mark should have come by.
      if (this.searched > (counters.records > 0 ? RECORD_LENGTH_MAX : this.patience)) this.giveUp();
      return end;
    }
    counters.bytesLost += finder.foundOffset - (this.origin + at);
    if (counters.records > 0) counters.resyncs++;
    this.state = "in-sync";
    const resume = finder.resumeAt;
    if (finder.foundHead.length > 0) {
      const origin = this.origin;
      this.feed(finder.foundHead, 0, finder.foundHead.length, finder.foundOffset);
      this.origin = origin;
    }
    return resume;
  }

  private giveUp(): void {
    this.state = "not-rpc";
    if (this.counters.records > 0) return;
    this.counters.bytesIgnored += this.counters.bytesLost;
    this.counters.bytesLost = 0;
  }

  /** The record's last byte has passed. */
  private complete(endOffset: number): void {
    this.isOpen = false;
    if (this.gather.have >= IDENTIFIED_LENGTH) this.emit(this.gather.isCut);
    else {
      this.counters.unknownRecords++;
      this.counters.bytesLost += endOffset - this.recordOffset;
    }
    this.gather.restart();
  }

  /** Hands out what there is of a record that will not be completed; false when that is too little. */
  private endEarly(): boolean {
    this.isOpen = false;
    const { gather } = this;
    const isKnown = gather.have >= IDENTIFIED_LENGTH && (this.isHeadChecked || this.isGatheredHead());
    if (isKnown) this.emit(gather.isCut || !this.isLast || gather.passed < this.announced);
    else if (this.announced > 0) this.counters.unknownRecords++;
    gather.restart();
    return isKnown;
  }

  private emit(truncated: boolean): void {
    const { gather, out, counters } = this;
    out.bytes = gather.bytes;
    out.start = 0;
    out.end = gather.have;
    out.length = this.announced;
    out.elidedAt = gather.elidedLength > 0 ? gather.elidedAt : NOT_ELIDED;
    out.elidedLength = gather.elidedLength;
    out.truncated = truncated;
    out.streamOffset = this.recordOffset;
    counters.records++;
    if (truncated) counters.truncatedRecords++;
    if (gather.isOversize) counters.oversize++;
    counters.elidedBytes += gather.elidedLength;
    this.handler.record(out);
  }
}
