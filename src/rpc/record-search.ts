/** Finds the next record in a stream whose record marks were lost. Linear; remembers less than one header between calls. */
import {
  HEAD_LENGTH,
  type HeadChecks,
  judgeHead,
  LENGTH_UNKNOWN,
  MESSAGE_LENGTH_MIN,
  MORE,
  NO,
  STRONG,
} from "./plausible-head.ts";
import { u32 } from "./u32.ts";

/**
 * No record is longer. The largest transfer in use is nfs-ganesha's MaxRead/MaxWrite default of 64 MiB
 * (Linux: 4 MiB); headers and the other operations of the compound get 64 KiB.
 */
export const RECORD_LENGTH_MAX = 64 * 1024 * 1024 + 64 * 1024;

const MARK_LENGTH = 4;
const WINDOW = MARK_LENGTH + HEAD_LENGTH;
/** xid and msg_type. */
const IDENTIFIED_LENGTH = 8;
const START_LENGTH = MARK_LENGTH + IDENTIFIED_LENGTH;
/** So many ends of unconfirmed records are remembered; a further one overwrites the oldest. */
const EXPECTED_MAX = 8;
const NOTHING = new Uint8Array(0);

/** What lies where a candidate record ends. */
type Chain = "good" | "bad" | "unseen";

export class RecordSearch {
  /** Stream offset of the record mark found. */
  foundOffset = 0;
  /** First bytes of the found record that came in earlier calls: to be read before `resumeAt`. */
  foundHead: Uint8Array = NOTHING;
  /** Where in the bytes of the call reading goes on. */
  resumeAt = 0;

  private readonly checks: HeadChecks;
  /** Made when first needed: most connections never lose their record marks. */
  private carry = NOTHING;
  private carryLength = 0;
  private joined = NOTHING;
  private readonly expected: number[] = [];
  private expectedNext = 0;

  /** The bytes in hand, and the stream offset of their first. */
  private bytes: Uint8Array = NOTHING;
  private start = 0;
  private end = 0;
  private offset = 0;

  constructor(checks: HeadChecks) {
    this.checks = checks;
  }

  /** Bytes at the end of what was searched that may yet begin a record. */
  get undecidedBytes(): number {
    return this.carryLength;
  }

  /** Bytes are missing between those seen and the next: a header may not span them. */
  interrupt(): void {
    this.carryLength = 0;
  }

  /** Searches `bytes[start, end)`, whose first byte has stream offset `offset`; true when a record was found. */
  find(bytes: Uint8Array, start: number, end: number, offset: number): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.offset = offset;
    const found = (this.carryLength > 0 && this.findInCarry()) || (this.carryLength === 0 && this.findInBytes());
    this.bytes = NOTHING;
    return found;
  }

  private findInCarry(): boolean {
    const carried = this.carryLength;
    const appended = Math.min(WINDOW, this.end - this.start);
    this.joined.set(this.carry.subarray(0, carried));
    this.joined.set(this.bytes.subarray(this.start, this.start + appended), carried);
    const at = this.scan(this.joined, 0, carried, carried + appended, this.offset - carried);
    this.carryLength = 0;
    if (at >= 0) {
      this.foundOffset = this.offset - carried + at;
      this.foundHead = this.joined.slice(at, carried);
      this.resumeAt = this.start;
      return true;
    }
    if (this.undecidedAt < carried) this.keep(this.joined, this.undecidedAt, carried + appended);
    return false;
  }

  private findInBytes(): boolean {
    const at = this.scan(this.bytes, this.start, this.end, this.end, this.offset);
    if (at >= 0) {
      this.foundOffset = this.offset + at - this.start;
      this.foundHead = NOTHING;
      this.resumeAt = at;
      return true;
    }
    if (this.undecidedAt < this.end) this.keep(this.bytes, this.undecidedAt, this.end);
    return false;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    if (this.carry === NOTHING) {
      this.carry = new Uint8Array(WINDOW);
      this.joined = new Uint8Array(2 * WINDOW);
    }
    this.carry.set(bytes.subarray(from, to));
    this.carryLength = to - from;
  }

  /** First position of the last scan whose header was not all there; `to` when none. */
  private undecidedAt = 0;

  /** Index in `[from, to)` of a record mark, -1 if none. `bytes[from]` has stream offset `offset`. */
  private scan(bytes: Uint8Array, from: number, to: number, end: number, offset: number): number {
    this.undecidedAt = to;
    let at = from;
    while (at < to) {
      if (at + START_LENGTH > end) return this.undecided(at);
      // msg_type is three zero bytes and a 0 or 1: a larger last byte rules the next three positions out as well.
      if (bytes[at + 11] > 1) {
        at += 4;
        continue;
      }
      if ((bytes[at + 8] | bytes[at + 9] | bytes[at + 10]) === 0) {
        const verdict = this.judge(bytes, at, end, offset + at - from);
        if (verdict === MORE) return this.undecided(at);
        if (verdict === STRONG) return at;
      }
      at++;
    }
    return -1;
  }

  private undecided(at: number): number {
    this.undecidedAt = at;
    return -1;
  }

  /** STRONG to take the record, MORE when its header is cut off here, NO to go on. */
  private judge(bytes: Uint8Array, at: number, end: number, offset: number): typeof NO | typeof MORE | typeof STRONG {
    const mark = u32(bytes, at);
    const length = mark & 0x7fff_ffff;
    if (length < MESSAGE_LENGTH_MIN || length > RECORD_LENGTH_MAX) return NO;
    const isLast = mark >>> 31 === 1;
    const verdict = judgeHead(bytes, at + MARK_LENGTH, end, isLast ? length : LENGTH_UNKNOWN, this.checks);
    if (verdict === NO || verdict === MORE) return verdict;
    const next = offset + MARK_LENGTH + length;
    const chain = this.chain(next, isLast);
    if (chain === "bad") return NO;
    if (verdict === STRONG || (isLast && (chain === "good" || this.expected.includes(offset)))) return STRONG;
    if (isLast) this.expect(next);
    return NO;
  }

  /** Does a record (or a further fragment) start at stream offset `next`, or do the bytes in hand end right there? */
  private chain(next: number, isLast: boolean): Chain {
    if (next < this.offset) return "unseen";
    const at = this.start + (next - this.offset);
    if (at === this.end) return isLast ? "good" : "unseen";
    if (at + MARK_LENGTH > this.end) return "unseen";
    const mark = u32(this.bytes, at);
    const length = mark & 0x7fff_ffff;
    if (length > RECORD_LENGTH_MAX) return "bad";
    if (!isLast) return "unseen";
    const message = at + MARK_LENGTH;
    const isWhole = mark >>> 31 === 1;
    const seen = isWhole ? this.end : Math.min(this.end, message + length);
    const verdict = judgeHead(this.bytes, message, seen, isWhole ? length : LENGTH_UNKNOWN, this.checks);
    if (verdict === NO) return "bad";
    return verdict !== MORE || seen - message >= IDENTIFIED_LENGTH ? "good" : "unseen";
  }

  private expect(offset: number): void {
    this.expected[this.expectedNext] = offset;
    this.expectedNext = (this.expectedNext + 1) % EXPECTED_MAX;
  }
}
