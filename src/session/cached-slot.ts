import type { Verdict } from "./slot.ts";
import { judge, nextSeq } from "./slot.ts";

/** What a replier keeps of a request, to know a false retry by. RFC 8881 §2.10.6.1.3.1 */
export interface SequencedRequest {
  /** Hash of the operations after SEQUENCE and their arguments; sa_highest_slotid and the tag stay out. */
  readonly fingerprint: number | string;
  /** The user behind the credential, after squashing. */
  readonly principal: string;
  readonly cachethis: boolean;
  /** sa_highest_slotid. */
  readonly highest: number;
}

/** An entry of the reply cache. */
export type CachedReply<Reply> =
  /** The whole reply; only limits and status flags of SEQUENCE may be computed anew. RFC 8881 §2.10.6.1.1 */
  | { readonly kind: "full"; readonly reply: Reply }
  /** SEQUENCE succeeds, the second operation says RETRY_UNCACHED_REP. RFC 8881 §2.10.6.1.3 */
  | { readonly kind: "uncached" }
  /** Zero results and SEQ_MISORDERED, entered when the slot was made. RFC 8881 §18.36.4 phase 4 */
  | { readonly kind: "contrived" };

/** Initial `loweringsSent`: no reply of this slot proves that any limit was seen. */
export const NO_PROOF = -1;

/** One slot of a replier: last accepted sequence id, its request and its reply. */
export class CachedSlot<Reply> {
  lastSeq = 0;
  /** The request of `lastSeq` still runs. */
  isBusy = false;
  /** The request of `lastSeq`; null on a slot that was never used. */
  request: SequencedRequest | null = null;
  /** The contrived reply at first, null while the slot is busy. */
  reply: CachedReply<Reply> | null = { kind: "contrived" };
  /** Taken away from the requester; nothing is accepted until it is granted again. */
  isRetired = false;
  /** Counts how often the slot was granted. */
  generation = 0;
  /** Lowerings of the table's limit that the latest SEQUENCE result told of. */
  loweringsSent = NO_PROOF;
  /**
   * On a slot that is granted again: the sequence id that its former life would go on with. The RFC does not say
   * whether the requester restarts at 1 (Linux) or goes on, so either is the first. The price: a copy
   * of the former life's first request that is still on its way would pass for new.
   */
  #continuesAt: number | null = null;

  judge(seq: number): Verdict {
    if (seq === this.#continuesAt) return "new";
    return judge(this.lastSeq, this.isBusy, seq, this.request === null);
  }

  /** `judge` said new. The former reply goes: the requester has it. RFC 8881 §2.10.6.1 */
  accept(seq: number, request: SequencedRequest): void {
    this.lastSeq = seq;
    this.isBusy = true;
    this.request = request;
    this.reply = null;
    this.#continuesAt = null;
  }

  complete(reply: CachedReply<Reply>): void {
    this.isBusy = false;
    this.reply = reply;
  }

  /** Only an idle slot can be retired: a running request needs a place for its reply. */
  retire(): void {
    if (this.isRetired) return;
    if (this.request !== null) this.#continuesAt = nextSeq(this.lastSeq);
    this.isRetired = true;
    this.lastSeq = 0;
    this.request = null;
    this.reply = { kind: "contrived" };
    this.loweringsSent = NO_PROOF;
  }

  /** Gives a retired slot back. */
  grant(): void {
    if (!this.isRetired) return;
    this.isRetired = false;
    this.generation++;
  }
}
