import type { Call, Reply } from "./call.ts";
import { LimitHistory } from "./limit-history.ts";
import type { ObservedSession } from "./observed-session.ts";
import { ObservedSlot } from "./observed-slot.ts";

/** Slots followed in each table; Linux servers grow tables to 2,048. */
export const OBSERVED_SLOTS_MAX = 8192;

/** CB_RECALL_SLOT: the server wants slots above the target back. RFC 8881 §20.8 */
export interface SlotRecall {
  readonly call: Call;
  /** -1 when it could not be read. */
  readonly target: number;
}

/** The slots of one channel as an outsider sees them. */
export class ObservedSlotTable {
  readonly session: ObservedSession;
  readonly channel: "fore" | "back";
  /** By slot id; holes where a slot was never used. */
  readonly slots: ObservedSlot[] = [];
  /** Slots above OBSERVED_SLOTS_MAX that were named, judged by nothing; and slots that were let go. */
  omitted = 0;
  /** Slots were let go: one that is made now may have been used before. */
  #hasForgotten = false;
  slotsUsed = 0;
  highestSlotUsed = -1;
  /** Latest enforced and target highest slot that replies to new requests gave; -1 unknown. RFC 8881 §18.46.3 */
  highestSlotId = -1;
  targetHighestSlotId = -1;
  /** The largest enforced highest slot in any reply: what the table can once have been. */
  highestSlotIdEver = -1;
  /** The enforced highest slot was lowered at some time, so that slots may have been retired. */
  wasLowered = false;
  /** How both came to be what they are. */
  readonly limits = new LimitHistory();
  readonly targets = new LimitHistory();
  /** The latest CB_RECALL_SLOT. */
  recall: SlotRecall | null = null;
  /** The least of what replies and CB_RECALL_SLOT ask for: a call that names no higher slot is beyond reproach. */
  flowLimit = Number.POSITIVE_INFINITY;
  calls = 0;
  replies = 0;
  retries = 0;
  /** Slots whose latest call waits for its reply. */
  outstanding = 0;
  maxOutstanding = 0;
  /** The highest slot whose latest call waits for its reply, -1 if none does. */
  highestWaiting = -1;
  /** How many things rules wait for on it: while there are any, clean answers are told as `answer-watched` too. */
  watchers = 0;
  /** No slot below `spareBelow` needs a look before `spareUntil`: see `spareLook`. */
  spareBelow = 0;
  spareUntil = Number.NEGATIVE_INFINITY;

  constructor(session: ObservedSession, channel: "fore" | "back") {
    this.session = session;
    this.channel = channel;
  }

  /** Makes the slot when it is first named; null for an absurdly high id. */
  add(id: number, at: number): ObservedSlot | null {
    if (id >= OBSERVED_SLOTS_MAX) {
      this.omitted++;
      return null;
    }
    while (this.slots.length < id) this.slots.push(undefined as never);
    const created = this.#hasForgotten ? null : this.session.created;
    const slot = new ObservedSlot(this, id, created === null ? "none" : "created", created?.at ?? at);
    this.slots[id] = slot;
    this.slotsUsed++;
    if (id > this.highestSlotUsed) this.highestSlotUsed = id;
    return slot;
  }

  /** Too many slots are followed: where this one stands is unknown from now on. */
  forget(slot: ObservedSlot): void {
    if (this.slots[slot.id] !== slot) return;
    this.slots[slot.id] = undefined as never;
    this.#hasForgotten = true;
    this.omitted++;
    if (slot.waiting !== null) this.#free(slot);
  }

  /** A call was sent. One that takes the slot over from an unanswered one adds nothing: a slot has one request. */
  sent(slot: ObservedSlot, call: Call): void {
    if (slot.waiting === null && ++this.outstanding > this.maxOutstanding) this.maxOutstanding = this.outstanding;
    slot.waiting = call;
    if (slot.id > this.highestWaiting) this.highestWaiting = slot.id;
  }

  /** The call has its reply, or will get none. */
  settled(call: Call): void {
    const { slot } = call;
    if (slot === null || slot.waiting === null) return;
    const isAnswer = call.reply !== null && slot.waiting.seq === call.seq;
    if (slot.waiting !== call && !isAnswer) return;
    this.#free(slot);
  }

  #free(slot: ObservedSlot): void {
    slot.waiting = null;
    this.outstanding--;
    if (slot.id === this.highestWaiting) this.#lowerHighestWaiting();
  }

  #lowerHighestWaiting(): void {
    if (this.outstanding === 0) this.highestWaiting = -1;
    else while (this.highestWaiting >= 0 && this.slots[this.highestWaiting]?.waiting == null) this.highestWaiting--;
  }

  /** What an OK reply to the slot's newest request says of the table. RFC 8881 §18.46.3 */
  learnLimits(reply: Reply): void {
    const { highestSlotId, targetHighestSlotId } = reply;
    this.limits.note(highestSlotId, reply);
    this.targets.note(targetHighestSlotId, reply);
    if (highestSlotId === this.highestSlotId && targetHighestSlotId === this.targetHighestSlotId) return;
    // The first limit that is seen may be a lowered one already: slots above it were in use before.
    const known = this.highestSlotId < 0 ? this.highestSlotUsed : this.highestSlotId;
    if (highestSlotId < known) this.#lower(highestSlotId);
    // Linux servers give up callback slots above the target, and begin anew when it rises: nfsd's update_cb_slot_table.
    const isBack = this.channel === "back";
    if (isBack && reply.targetHighestSlotId < this.targetHighestSlotId) this.#lower(reply.targetHighestSlotId);
    this.highestSlotId = highestSlotId;
    this.targetHighestSlotId = targetHighestSlotId;
    if (highestSlotId > this.highestSlotIdEver) this.highestSlotIdEver = highestSlotId;
    this.#limitFlow();
  }

  /** The server sent CB_RECALL_SLOT. */
  recalled(recall: SlotRecall): void {
    this.recall = recall;
    this.#limitFlow();
  }

  #limitFlow(): void {
    const known = [this.highestSlotId, this.targetHighestSlotId, this.recall?.target ?? -1].filter((id) => id >= 0);
    this.flowLimit = Math.min(...known);
  }

  #lower(limit: number): void {
    this.wasLowered = true;
    for (let id = limit + 1; id < this.slots.length; id++) {
      const slot = this.slots[id];
      if (slot !== undefined) slot.wasRetired = true;
    }
  }

  /** The latest enforced highest slot leaves it out. */
  isAboveLimit({ id }: ObservedSlot): boolean {
    return this.highestSlotId >= 0 && id > this.highestSlotId;
  }

  *used(): Iterable<ObservedSlot> {
    for (const slot of this.slots) if (slot !== undefined) yield slot;
  }

  /** As many calls are outstanding as may be. `flowLimit` spares healthy traffic the look at all that is known. */
  get isFull(): boolean {
    if (this.outstanding <= this.flowLimit && this.flowLimit !== Number.POSITIVE_INFINITY) return false;
    return this.outstanding >= this.allowed;
  }

  /** Slots that may be used at once; Infinity while nobody knows. */
  get allowed(): number {
    const { limit, highestSlotId, targetHighestSlotId } = this;
    const current = Math.min(
      highestSlotId < 0 ? limit : highestSlotId,
      targetHighestSlotId < 0 ? limit : targetHighestSlotId,
    );
    return current < 0 ? Number.POSITIVE_INFINITY : current + 1;
  }

  /** What a rule finds out by a look at all slots below one holds for a while: so long `slot-skipped` is not told there. */
  spareLook(below: number, until: number): void {
    this.spareBelow = below;
    this.spareUntil = until;
  }

  /** ca_maxrequests; null when unknown. */
  get granted(): number | null {
    return this.session.attributes(this.channel).granted?.maxRequests ?? null;
  }

  /** The highest slot that may be used, as far as is known; -1 when nothing is. */
  get limit(): number {
    return Math.max((this.granted ?? 0) - 1, this.highestSlotIdEver);
  }
}
