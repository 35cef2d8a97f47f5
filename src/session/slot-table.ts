import {
  NFS4_OK,
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSLOT,
  NFS4ERR_DELAY,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../nfs4/constants.ts";
import type { CachedReply, SequencedRequest } from "./cached-slot.ts";
import { CachedSlot, NO_PROOF } from "./cached-slot.ts";
import type { Verdict } from "./slot.ts";
import { CONDITION, isRetry } from "./slot.ts";
import type { SlotBounds } from "./slot-bounds.ts";
import { clampSlots, SLOT_BOUNDS } from "./slot-bounds.ts";

/** Where the RFC leaves a replier the choice. */
export interface SlotPolicy {
  /** Answer to the same request while it still runs: SHOULD be DELAY, MAY be SEQ_MISORDERED. RFC 8881 §2.10.6.2 */
  readonly busyRetry: number;
  /** Answer to the next sequence id while the slot is busy; the RFC is silent. */
  readonly busyNext: number;
  /** A retry with other operations or arguments by the same user. RFC 8881 §2.10.6.1.3 lists the shapes. */
  readonly falseRetry: "refuse" | "replay" | "uncached";
  /** Keep whole replies even if the requester does not ask for it. RFC 8881 §2.10.6.1.3 */
  readonly cacheAll: boolean;
  /** Refuse a new request above a lowered limit at once, or only when the requester has surely seen the limit. */
  readonly refuseAboveLimit: "at-once" | "when-seen";
  /** Answer BAD_HIGH_SLOT to a requester that ignores a lowered limit (MAY). RFC 8881 §2.10.6.1 */
  readonly refuseHighSlot: boolean;
}

export const SLOT_POLICY: SlotPolicy = {
  busyRetry: NFS4ERR_DELAY,
  busyNext: NFS4ERR_SEQ_MISORDERED,
  falseRetry: "refuse",
  cacheAll: false,
  refuseAboveLimit: "when-seen",
  refuseHighSlot: false,
};

/** What a replier has to say to one SEQUENCE, as far as slots go. */
export interface SlotAnswer<Reply> {
  /** Null when the table has no such slot. */
  readonly verdict: Verdict | null;
  /** Sum of CONDITION numbers that hold. */
  readonly conditions: number;
  /** Status of the SEQUENCE operation. With OK and a new request the caller goes on to `markSlotInUse`. */
  readonly status: number;
  /** What to answer a retry with, or the contrived reply of a slot that was never used; null otherwise. */
  readonly cached: CachedReply<Reply> | null;
}

/** The replier's half of a channel: slots, reply cache, and the limits it sets. RFC 8881 §2.10.6.1 */
export class SlotTable<Reply> {
  readonly policy: SlotPolicy;
  readonly #bounds: SlotBounds;
  readonly #slots: CachedSlot<Reply>[] = [];
  #size: number;
  #enforcedHighest: number;
  #targetHighest: number;
  /** Counts the lowerings of the limit; what the requester has provably seen of them. */
  #lowerings = 0;
  #loweringsSeen = 0;

  /** `slots`: ca_maxrequests as negotiated, clamped to `bounds`. */
  constructor(slots: number, policy: Partial<SlotPolicy> = {}, bounds: SlotBounds = SLOT_BOUNDS) {
    this.policy = { ...SLOT_POLICY, ...policy };
    this.#bounds = bounds;
    this.#size = clampSlots(slots, bounds);
    this.#addSlots();
    this.#enforcedHighest = this.#size - 1;
    this.#targetHighest = this.#size - 1;
  }

  /** Slots that exist, those above a lowered limit that still answer retries included. */
  get size(): number {
    return this.#size;
  }

  /** sr_highest_slotid: the highest slot accepted in future. */
  get enforcedHighest(): number {
    return this.#enforcedHighest;
  }

  /** sr_target_highest_slotid: the highest slot wished for. */
  get targetHighest(): number {
    return this.#targetHighest;
  }

  /** Null above the table. */
  slot(slotId: number): Readonly<CachedSlot<Reply>> | null {
    const slot = slotId < this.#size ? this.#slots[slotId]! : null;
    return slot === null || slot.isRetired ? null : slot;
  }

  get busySlots(): number {
    let busy = 0;
    for (let slotId = 0; slotId < this.#size; slotId++) if (this.#slots[slotId]!.isBusy) busy++;
    return busy;
  }

  /**
   * Judges a SEQUENCE. Nothing changes, save that BADSLOT above a lowered limit retires the slot:
   * "the server MUST NOT do one and not the other". RFC 8881 §2.10.6.1
   */
  validateSequence(slotId: number, seq: number, request: SequencedRequest): SlotAnswer<Reply> {
    const slot = this.#slots[slotId];
    if (slot === undefined || slotId >= this.#size || slot.isRetired) {
      return answer(null, CONDITION.slotBeyondTable, NFS4ERR_BADSLOT);
    }
    const verdict = slot.judge(seq);
    const conditions = this.#conditions(slotId, slot, verdict, request);
    const held = (condition: number) => (conditions & condition) !== 0;
    if (verdict === "new" && held(CONDITION.slotAboveEnforced) && this.#isRefused(slot)) {
      slot.retire();
      return answer(verdict, conditions, NFS4ERR_BADSLOT);
    }
    if (held(CONDITION.highSlotAboveEnforced) && this.#isIntransigent(slotId, slot, verdict)) {
      return answer(verdict, conditions, NFS4ERR_BAD_HIGH_SLOT);
    }
    // The reply that arrives may be a copy, whose limits the requester need not heed: it proves nothing. §2.10.6.1.1
    if (isRetry(verdict)) slot.loweringsSent = NO_PROOF;
    switch (verdict) {
      case "new":
        return answer(verdict, conditions, NFS4_OK);
      case "early":
        return answer(verdict, conditions, this.policy.busyNext);
      case "retry-in-flight":
        return answer(verdict, conditions, this.policy.busyRetry);
      case "retry":
        return this.#answerRetry(slot, conditions);
      case "zero-first":
        return answer(verdict, conditions, NFS4ERR_SEQ_MISORDERED, { kind: "contrived" });
      default:
        return answer(verdict, conditions, NFS4ERR_SEQ_MISORDERED);
    }
  }

  /**
   * Accepts a request that `validateSequence` found new and no other check refused: the sequence id advances now, not
   * at completion, so that n-1 is misordered while n runs. RFC 8881 §2.10.6.1
   */
  markSlotInUse(slotId: number, seq: number, request: SequencedRequest): void {
    const slot = this.#slots[slotId];
    if (slot === undefined || slotId >= this.#size || slot.isRetired || slot.judge(seq) !== "new") {
      throw new RangeError(`slot ${slotId} cannot take sequence id ${seq}`);
    }
    // The next request on a slot proves that the reply to the one before was received. §2.10.6.1, last paragraph.
    const isProof = slot.loweringsSent === this.#lowerings;
    if (slot.loweringsSent > this.#loweringsSeen) this.#loweringsSeen = slot.loweringsSent;
    slot.accept(seq, request);
    slot.loweringsSent = this.#lowerings;
    if (isProof) this.#followRequester(request.highest);
  }

  /** Ends a request and stores its reply. False when the slot does not run it: a late or doubled completion. */
  completeSlotRequest(slotId: number, seq: number, cacheThis: boolean, reply: Reply): boolean {
    const slot = this.#slots[slotId];
    if (slot === undefined || !slot.isBusy || slot.lastSeq !== seq) return false;
    slot.complete(cacheThis || this.policy.cacheAll ? { kind: "full", reply } : { kind: "uncached" });
    return true;
  }

  /** Puts a slot back as stable storage had it: a persistent session after a restart. RFC 8881 §2.10.6.5 */
  restoreSlot(slotId: number, seq: number, request: SequencedRequest, reply: CachedReply<Reply>): void {
    if (slotId >= this.#size) throw new RangeError(`no slot ${slotId}`);
    const slot = this.#slots[slotId]!;
    slot.accept(seq, request);
    slot.complete(reply);
  }

  /** Asks for a highest slot. A higher one is granted at once; a lower one waits for the requester to follow. */
  setTarget(highest: number): void {
    const target = clampSlots(highest + 1, this.#bounds) - 1;
    if (target < this.#targetHighest) this.#lowerings++;
    this.#targetHighest = target;
    if (target > this.#enforcedHighest) this.#raiseEnforced(target);
  }

  /**
   * Takes slots away from a requester that ignores the target: new requests above `highest` will be refused,
   * retries are still answered. RFC 8881 §2.10.6.1
   */
  lowerEnforced(highest: number): void {
    const limit = clampSlots(highest + 1, this.#bounds) - 1;
    if (limit >= this.#enforcedHighest) return;
    this.#lowerings++;
    this.#enforcedHighest = limit;
    if (this.#targetHighest > limit) this.#targetHighest = limit;
  }

  /** Each lowering so far is known to have reached the requester. */
  get isLimitSeen(): boolean {
    return this.#loweringsSeen === this.#lowerings;
  }

  #conditions(slotId: number, slot: CachedSlot<Reply>, verdict: Verdict, request: SequencedRequest): number {
    let conditions = 0;
    if (slotId > this.#enforcedHighest) conditions += CONDITION.slotAboveEnforced;
    if (request.highest > this.#enforcedHighest) conditions += CONDITION.highSlotAboveEnforced;
    if (isRetry(verdict) && slot.request !== null) {
      if (slot.request.principal !== request.principal) conditions += CONDITION.userDiffers;
      if (slot.request.fingerprint !== request.fingerprint || slot.request.cachethis !== request.cachethis) {
        conditions += CONDITION.requestDiffers;
      }
    }
    return conditions;
  }

  #answerRetry(slot: CachedSlot<Reply>, conditions: number): SlotAnswer<Reply> {
    const userDiffers = (conditions & CONDITION.userDiffers) !== 0;
    const requestDiffers = (conditions & CONDITION.requestDiffers) !== 0;
    // Another user MUST be refused, another request MAY be. RFC 8881 §2.10.6.1.3.1
    if (userDiffers || (requestDiffers && this.policy.falseRetry === "refuse")) {
      return answer("retry", conditions, NFS4ERR_SEQ_FALSE_RETRY);
    }
    const isHidden = requestDiffers && this.policy.falseRetry === "uncached";
    return answer("retry", conditions, NFS4_OK, isHidden ? { kind: "uncached" } : slot.reply);
  }

  #isRefused(slot: CachedSlot<Reply>): boolean {
    if (this.policy.refuseAboveLimit === "at-once") return true;
    // This very request may be the proof: it follows a reply that carried the limit.
    return this.isLimitSeen || slot.loweringsSent === this.#lowerings;
  }

  #isIntransigent(slotId: number, slot: CachedSlot<Reply>, verdict: Verdict): boolean {
    if (!this.policy.refuseHighSlot || !this.isLimitSeen) return false;
    if (isRetry(verdict) && slotId > this.#enforcedHighest) return false;
    // While requests above the limit run, sa_highest_slotid has to name them. RFC 8881 §2.10.6.1
    return this.#highestBusy() <= this.#enforcedHighest && !slot.isBusy;
  }

  /**
   * A requester that knows the limit and names no slot above it gives those slots back. The caller makes sure that
   * this very request was sent after the limit was seen: an older one, overtaken on another connection, may be unaware
   * of a request above the limit whose reply was lost, and its retry has to find the slot.
   */
  #followRequester(highest: number): void {
    if (this.#targetHighest < this.#enforcedHighest && highest <= this.#targetHighest) {
      this.#enforcedHighest = this.#targetHighest;
    }
    if (highest <= this.#enforcedHighest) this.#truncate();
  }

  #truncate(): void {
    while (this.#size - 1 > this.#enforcedHighest && !this.#slots[this.#size - 1]!.isBusy) {
      this.#slots[--this.#size]!.retire();
    }
  }

  #raiseEnforced(highest: number): void {
    this.#enforcedHighest = highest;
    if (highest + 1 > this.#size) this.#size = highest + 1;
    this.#addSlots();
    for (let slotId = 0; slotId <= highest; slotId++) this.#slots[slotId]!.grant();
  }

  #addSlots(): void {
    while (this.#slots.length < this.#size) this.#slots.push(new CachedSlot<Reply>());
  }

  #highestBusy(): number {
    for (let slotId = this.#size - 1; slotId >= 0; slotId--) if (this.#slots[slotId]!.isBusy) return slotId;
    return -1;
  }
}

function answer<Reply>(
  verdict: Verdict | null,
  conditions: number,
  status: number,
  cached: CachedReply<Reply> | null = null,
): SlotAnswer<Reply> {
  return { verdict, conditions, status, cached };
}
