import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_FALSE_RETRY } from "../nfs4/constants.ts";
import type { SequenceRemedy } from "./sequence-remedy.ts";
import { sequenceRemedy } from "./sequence-remedy.ts";
import { nextSeq } from "./slot.ts";
import type { SlotBounds } from "./slot-bounds.ts";
import { clampSlots, SLOT_BOUNDS } from "./slot-bounds.ts";

/** The SEQUENCE arguments of one transmission. */
export interface Ticket {
  readonly slotId: number;
  readonly seq: number;
  /** sa_highest_slotid. */
  readonly highest: number;
}

/** The limits in a SEQUENCE result. */
export interface RepliedLimits {
  readonly highest: number;
  readonly target: number;
}

type SlotState =
  | "free"
  /** Sent, no reply yet. */
  | "outstanding"
  /** Its connection was lost: to be sent again, same slot, same sequence id. RFC 8881 §2.10.13.1.2 */
  | "interrupted"
  /** Its last answer moved nothing: the same request is to be sent again. RFC 8881 §15.1.1.3 */
  | "refused"
  /** Whether the request counted is unknown: `probe` finds out. */
  | "doubtful"
  /** Out of step with the replier for good: not used again. */
  | "lost";

class RequestSlot {
  state: SlotState = "free";
  /** The sequence id of the request on its way, or of the last finished one. */
  seq = 0;
  transmissions = 0;
  connection = -1;
  /** The limit lay below the slot since its last use: the replier may have forgotten it. */
  wasWithdrawn = false;
  /** The table's generation when the request was sent. */
  generation = 0;
  /** What is on its way is not the slot's request but a lone SEQUENCE in its place. */
  isProbe = false;
}

/** The requester's half of a channel: which slot to use next, and what a reply means for it. RFC 8881 §2.10.6.1 */
export class RequestSlots {
  readonly #bounds: SlotBounds;
  readonly #slots: RequestSlot[] = [];
  #enforcedHighest: number;
  #targetHighest: number;
  /** Counts the changes of the limits. */
  #generation = 0;
  #recallTarget: number | null = null;
  /** A request said since the recall that no slot above its target is in use. */
  #isRecallNoticed = false;

  /** `slots`: ca_maxrequests as granted. */
  constructor(slots: number, bounds: SlotBounds = SLOT_BOUNDS) {
    this.#bounds = bounds;
    this.#enforcedHighest = clampSlots(slots, bounds) - 1;
    this.#targetHighest = this.#enforcedHighest;
  }

  /** The highest slot for new requests. */
  get limit(): number {
    const { recallTarget } = this;
    const wished = recallTarget === null ? this.#targetHighest : Math.min(this.#targetHighest, recallTarget);
    return Math.min(this.#enforcedHighest, wished);
  }

  get recallTarget(): number | null {
    return this.#recallTarget;
  }

  /** The lowest free slot (SHOULD), null when all are taken: wait for a reply. RFC 8881 §2.10.6.1 */
  take(connection: number): Ticket | null {
    const slotId = this.#lowestFree();
    if (slotId === -1) return null;
    const slot = this.#slots[slotId]!;
    slot.state = "outstanding";
    slot.seq = nextSeq(slot.seq);
    slot.transmissions = 1;
    slot.connection = connection;
    slot.generation = this.#generation;
    return this.#ticket(slotId, slot);
  }

  /** Sends the request of a slot again, unchanged, with the same slot and sequence id. */
  resend(slotId: number, connection: number): Ticket {
    const slot = this.#held(slotId);
    // A refused request never counted, so that what follows is a first transmission. RFC 8881 §18.46.3
    slot.transmissions = slot.state === "refused" && slot.transmissions === 1 ? 1 : slot.transmissions + 1;
    slot.state = "outstanding";
    slot.connection = connection;
    return this.#ticket(slotId, slot);
  }

  /**
   * A reply to the slot's request; `limits` come with OK. Returns what to do with the request.
   */
  replied(slotId: number, seq: number, status: number, limits: RepliedLimits | null): SequenceRemedy {
    const slot = this.#slots[slotId];
    if (slot === undefined || slot.state !== "outstanding" || slot.seq !== seq) return "ignore";
    if (slot.isProbe) return this.#probed(slot, status);
    const isFirst = slot.transmissions === 1;
    if (status === NFS4_OK) {
      slot.wasWithdrawn = false;
      this.#free(slot);
      if (limits !== null) this.#adopt(limits, isFirst && slot.generation === this.#generation);
      return "done";
    }
    // It executed, its reply is gone. The status belongs on the second operation, some say it here. §2.10.6.1.3
    if (status === NFS4ERR_RETRY_UNCACHED_REP) {
      this.#free(slot);
      return "done";
    }
    return this.#refused(slotId, slot, status, isFirst);
  }

  /** A reply without a SEQUENCE result: whether the slot moved is open. RFC 8881 §16.2.4 */
  repliedWithoutSequence(slotId: number, seq: number): SequenceRemedy {
    const slot = this.#slots[slotId];
    if (slot === undefined || slot.state !== "outstanding" || slot.seq !== seq) return "ignore";
    slot.state = "doubtful";
    return "probe";
  }

  /**
   * The sequence id for a lone SEQUENCE on a doubtful or interrupted slot whose request will not be repeated. If it
   * counts as new or as a retry of whatever came before, its outcome tells where the slot stands.
   */
  probe(slotId: number, connection: number): Ticket {
    const slot = this.#held(slotId);
    slot.isProbe = true;
    slot.state = "outstanding";
    slot.transmissions++;
    slot.connection = connection;
    return this.#ticket(slotId, slot);
  }

  /** The connection ended: what was outstanding on it has to be sent again if the session is to live on. */
  connectionLost(connection: number): number[] {
    const interrupted: number[] = [];
    this.#slots.forEach((slot, slotId) => {
      if (slot.state !== "outstanding" || slot.connection !== connection) return;
      slot.state = "interrupted";
      interrupted.push(slotId);
    });
    return interrupted;
  }

  /** CB_RECALL_SLOT. RFC 8881 §20.8 */
  recall(target: number): void {
    this.#recallTarget = clampSlots(target + 1, this.#bounds) - 1;
    this.#isRecallNoticed = false;
  }

  /** A recall was obeyed and the replier has to be told: by a SEQUENCE whose sa_highest_slotid says so. §20.8.3 */
  get owesRecallNotice(): boolean {
    if (this.#recallTarget === null || this.#isRecallNoticed) return false;
    return this.highestOutstanding <= this.#recallTarget;
  }

  /** The highest slot with a request that has no reply, -1 for none. */
  get highestOutstanding(): number {
    for (let slotId = this.#slots.length - 1; slotId >= 0; slotId--) if (isPending(this.#slots[slotId]!)) return slotId;
    return -1;
  }

  get outstanding(): number {
    return this.#slots.filter(isPending).length;
  }

  /** Slots out of step; when all are, only a new session helps. */
  get lostSlots(): number[] {
    return this.#slotsIn("lost");
  }

  get interruptedSlots(): number[] {
    return this.#slotsIn("interrupted");
  }

  /** The sequence id of the slot's last request; 0 before the first. */
  lastSeqOf(slotId: number): number {
    return this.#slots[slotId]?.seq ?? 0;
  }

  stateOf(slotId: number): SlotState {
    return this.#slots[slotId]?.state ?? "free";
  }

  /** A false retry is as good an answer as success: the slot's last sequence id is the one that was sent. */
  #probed(slot: RequestSlot, status: number): SequenceRemedy {
    if (status === NFS4ERR_DELAY) {
      slot.state = "doubtful";
      return "probe";
    }
    const isSettled = status === NFS4_OK || status === NFS4ERR_SEQ_FALSE_RETRY || status === NFS4ERR_RETRY_UNCACHED_REP;
    if (isSettled) {
      this.#free(slot);
      return "done";
    }
    slot.state = "lost";
    return sequenceRemedy(status, false) === "new-session" ? "new-session" : "lost";
  }

  /**
   * sr_highest_slotid and sr_target_highest_slotid. A reply to a request that was sent before the limits changed, or one
   * that may be the copy of an earlier reply (§2.10.6.1.1), can be older than what is known: it may lower the limits but
   * not raise them. To ignore it would be wrong: by the next request on the slot the replier takes the lower limit for
   * seen, and forgets slots that the requester would go on to use.
   */
  #adopt({ highest, target }: RepliedLimits, isCurrent: boolean): void {
    const replied = {
      enforced: clampSlots(highest + 1, this.#bounds) - 1,
      target: clampSlots(target + 1, this.#bounds) - 1,
    };
    const enforced = isCurrent ? replied.enforced : Math.min(replied.enforced, this.#enforcedHighest);
    const targetHighest = isCurrent ? replied.target : Math.min(replied.target, this.#targetHighest);
    if (enforced === this.#enforcedHighest && targetHighest === this.#targetHighest) return;
    this.#generation++;
    // "a higher sr_target_highest_slotid" supersedes the recall. RFC 8881 §20.8.3
    if (this.#recallTarget !== null && targetHighest > this.#targetHighest && targetHighest > this.#recallTarget) {
      this.#recallTarget = null;
    }
    this.#enforcedHighest = enforced;
    this.#targetHighest = targetHighest;
    for (let slotId = enforced + 1; slotId < this.#slots.length; slotId++) this.#slots[slotId]!.wasWithdrawn = true;
  }

  #refused(slotId: number, slot: RequestSlot, status: number, isFirst: boolean): SequenceRemedy {
    if (isFirst && this.#restarts(slot, status)) return "resend";
    // Without slot 0 there is no channel: nothing lower to go to.
    const proposed = sequenceRemedy(status, isFirst);
    const remedy = slotId === 0 && (proposed === "other-slot" || proposed === "unsure") ? "lost" : proposed;
    switch (remedy) {
      case "resend":
      case "bind":
        slot.state = "refused";
        break;
      case "drop":
        // "the sequence ID of the slot MUST NOT change" (§2.10.6.1.2): the next request carries it.
        this.#free(slot);
        slot.seq = (slot.seq - 1) >>> 0;
        break;
      case "other-slot":
      case "unsure":
        this.#free(slot);
        slot.seq = (slot.seq - 1) >>> 0;
        slot.wasWithdrawn = true;
        this.#adopt({ highest: slotId - 1, target: slotId - 1 }, false);
        break;
      default:
        slot.state = "lost";
    }
    return remedy;
  }

  /**
   * A slot that was taken away and granted again may have to start over at 1: the RFC does not say, and a replier that
   * forgot the slot says SEQ_MISORDERED to the number it would have gone on with.
   */
  #restarts(slot: RequestSlot, status: number): boolean {
    if (!slot.wasWithdrawn || slot.seq === 1 || sequenceRemedy(status, true) !== "lost") return false;
    slot.wasWithdrawn = false;
    slot.seq = 1;
    slot.state = "refused";
    return true;
  }

  #lowestFree(): number {
    const { limit } = this;
    for (let slotId = 0; slotId <= limit; slotId++) {
      if (slotId === this.#slots.length) this.#slots.push(new RequestSlot());
      if (this.#slots[slotId]!.state === "free") return slotId;
    }
    return -1;
  }

  #free(slot: RequestSlot): void {
    slot.state = "free";
    slot.connection = -1;
    slot.transmissions = 0;
    slot.isProbe = false;
  }

  #held(slotId: number): RequestSlot {
    const slot = this.#slots[slotId];
    if (slot === undefined || !isPending(slot) || slot.state === "outstanding") {
      throw new RangeError(`slot ${slotId} has no request to send again`);
    }
    return slot;
  }

  #ticket(slotId: number, slot: RequestSlot): Ticket {
    // "MUST always indicate the slot ID representing the outstanding request with the highest-numbered slot". §2.10.6.1
    const highest = Math.max(slotId, this.highestOutstanding);
    if (this.#recallTarget !== null && highest <= this.#recallTarget) this.#isRecallNoticed = true;
    return { slotId, seq: slot.seq, highest };
  }

  #slotsIn(state: SlotState): number[] {
    return this.#slots.flatMap((slot, slotId) => (slot.state === state ? [slotId] : []));
  }
}

function isPending(slot: RequestSlot): boolean {
  return slot.state !== "free" && slot.state !== "lost";
}
