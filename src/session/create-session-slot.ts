import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED, NFS4ERR_STALE_CLIENTID } from "../nfs4/constants.ts";
import { nextSeq } from "./slot.ts";

export type CreateSessionVerdict = "new" | "replay" | "replay-in-flight" | "early" | "misordered";

export interface CreateSessionAnswer<Result> {
  readonly verdict: CreateSessionVerdict;
  /** OK for a new request, which the caller executes between `begin` and `finish`; otherwise the answer. */
  readonly status: number;
  /** The result to repeat; null for anything but a replay of a request that was executed. */
  readonly cached: Result | null;
}

/**
 * The one-slot reply cache for CREATE_SESSION that each client ID has. It is another one than that of the session whose
 * SEQUENCE may lead the compound. RFC 8881 §18.36.4
 */
export class CreateSessionSlot<Result> {
  #lastSeq: number;
  /** Null: the contrived SEQ_MISORDERED. */
  #cached: { readonly status: number; readonly result: Result } | null = null;
  #isBusy = false;
  #seqBefore: number;

  /** Set up "before the server replies to that EXCHANGE_ID". §18.36.4 paragraph 7 */
  constructor(eirSequenceId: number) {
    this.#lastSeq = (eirSequenceId - 1) >>> 0;
    this.#seqBefore = this.#lastSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** What EXCHANGE_ID has to return for an unconfirmed record. */
  get nextSeq(): number {
    return nextSeq(this.#lastSeq);
  }

  /** Phase 2. Nothing changes. */
  validate(seq: number): CreateSessionAnswer<Result> {
    if (seq === this.#lastSeq) {
      if (this.#isBusy) return { verdict: "replay-in-flight", status: NFS4ERR_DELAY, cached: null };
      const status = this.#cached?.status ?? NFS4ERR_SEQ_MISORDERED;
      return { verdict: "replay", status, cached: this.#cached?.result ?? null };
    }
    if (seq !== nextSeq(this.#lastSeq)) return { verdict: "misordered", status: NFS4ERR_SEQ_MISORDERED, cached: null };
    // "at most one CREATE_SESSION request for a given client ID can be outstanding": the client erred.
    if (this.#isBusy) return { verdict: "early", status: NFS4ERR_DELAY, cached: null };
    return { verdict: "new", status: NFS4_OK, cached: null };
  }

  /** The end of phase 2: the sequence id is consumed, whatever phases 3 and 4 come to. */
  begin(seq: number): void {
    this.#seqBefore = this.#lastSeq;
    this.#lastSeq = seq;
    this.#isBusy = true;
  }

  /**
   * Errors of phases 3 and 4 are cached like success. All but DELAY: the unchanged request that follows it must be
   * judged afresh (§15.1.1.3), so the slot goes back to what it was.
   */
  finish(status: number, result: Result): void {
    this.#isBusy = false;
    if (status === NFS4ERR_DELAY) this.#lastSeq = this.#seqBefore;
    else this.#cached = { status, result };
  }
}

/** Failures in a row, each of which may or may not have counted. */
const CANDIDATES_MAX = 4;

export type CandidateVerdict =
  /** The next one for every candidate. */
  | "next"
  /** The last one for every candidate that it fits. */
  | "replay"
  /** Next for one candidate, replay for the other. */
  | "next-or-replay"
  /** Fits no candidate. */
  | "misordered"
  /** Nothing is known yet. */
  | "unknown";

/**
 * What an onlooker knows of that slot. Servers disagree on whether a CREATE_SESSION that failed consumes its sequence
 * id, so after a failure both values are kept until a later message decides. RFC 8881 §18.36.4
 */
export class CreateSessionCandidates {
  /** Values that the slot's last sequence id may have, oldest first; empty: unknown. */
  #lastSeqs: readonly number[];

  /** Null when the EXCHANGE_ID was not seen. */
  constructor(eirSequenceId: number | null) {
    this.#lastSeqs = eirSequenceId === null ? [] : [(eirSequenceId - 1) >>> 0];
  }

  get lastSeqs(): readonly number[] {
    return this.#lastSeqs;
  }

  /** The sequence ids that a client in step may send as a new request. */
  get expected(): number[] {
    return this.#lastSeqs.map(nextSeq);
  }

  accepts(seq: number): CandidateVerdict {
    if (this.#lastSeqs.length === 0) return "unknown";
    const isNext = this.#lastSeqs.some((last) => seq === nextSeq(last));
    const isReplay = this.#lastSeqs.includes(seq);
    if (isNext) return isReplay ? "next-or-replay" : "next";
    return isReplay ? "replay" : "misordered";
  }

  /** Takes the outcome of a request in; null: no reply was seen. */
  after(seq: number, status: number | null): void {
    if (status === NFS4ERR_STALE_CLIENTID) return;
    if (status === NFS4_OK) {
      this.#lastSeqs = [seq];
      return;
    }
    if (this.#lastSeqs.length === 0) return;
    const left = this.#lastSeqs.flatMap((last) => possibleAfter(last, seq, status));
    // A reply that fits no candidate says that something was missed, not what.
    if (left.length > 0) this.#lastSeqs = bounded([...new Set(left)]);
  }
}

/** What the slot can hold after `seq` failed, if it held `last` before; nothing when the failure contradicts that. */
function possibleAfter(last: number, seq: number, status: number | null): number[] {
  // The last one again: the cached failure, or the contrived one. Nothing moves.
  if (seq === last) return [last];
  if (seq === nextSeq(last)) {
    // The right sequence id is not called misordered, except by a server that did not take the one before.
    return status === NFS4ERR_SEQ_MISORDERED ? [] : [last, seq];
  }
  // Neither; a server that looks at flags and attributes first may name another error.
  return [last];
}

/** A server that never consumes a failed id stands at the first, one that always does at the last of them. */
function bounded(lastSeqs: readonly number[]): readonly number[] {
  return lastSeqs.length <= CANDIDATES_MAX ? lastSeqs : [lastSeqs[0]!, ...lastSeqs.slice(1 - CANDIDATES_MAX)];
}
