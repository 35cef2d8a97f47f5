import { NFS4_OK, NFS4ERR_BADSLOT, NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import type { SlotPolicy } from "../../src/session/slot-table.ts";

/** One thing that happens to a slot table. */
export type Step =
  | { do: "send"; slot: number; seq: number; fingerprint: string; user: string; cachethis: boolean; highest: number }
  | { do: "complete"; slot: number; cached: boolean }
  | { do: "target"; highest: number }
  | { do: "lower"; highest: number };

type Send = Extract<Step, { do: "send" }>;

/** What the oracle says of a send. */
export interface Expected {
  status: number;
  cached: string | null;
}

/** One life of a slot: from its grant to its retirement. */
interface Life {
  /** Every request that was accepted, oldest first. */
  accepted: { send: Send; loweringsThen: number; end: "full" | "uncached" | null; wasRetried: boolean }[];
  /** How the life before ended. */
  lastOfFormerLife: number | null;
}

const WRAP = 4_294_967_295;
const after = (seq: number) => (seq === WRAP ? 0 : seq + 1);

/**
 * A second, naive reading of RFC 8881 §2.10.6.1 to check the slot table against: it keeps every request that was ever
 * accepted, looks answers up in that history and never computes a distance.
 */
export class Oracle {
  readonly lives = new Map<number, Life>();
  readonly #formerLast = new Map<number, number>();
  readonly #policy: SlotPolicy;
  readonly #slotsMax: number;
  enforced: number;
  target: number;
  lowerings = 0;
  seen = 0;

  constructor(slots: number, slotsMax: number, policy: SlotPolicy) {
    this.#policy = policy;
    this.#slotsMax = slotsMax;
    this.enforced = slots - 1;
    this.target = slots - 1;
    for (let slot = 0; slot < slots; slot++) this.#grant(slot);
  }

  /** Starts a slot's history with a finished request, as a persistent reply cache would. */
  restore(send: Send, end: "full" | "uncached"): void {
    this.lives.get(send.slot)!.accepted.push({ send, loweringsThen: -1, end, wasRetried: false });
  }

  last(slot: number): number {
    return this.lives.get(slot)?.accepted.at(-1)?.send.seq ?? 0;
  }

  isBusy(slot: number): boolean {
    const newest = this.lives.get(slot)?.accepted.at(-1);
    return newest !== undefined && newest.end === null;
  }

  send(send: Send): Expected {
    const life = this.lives.get(send.slot);
    if (life === undefined) return { status: NFS4ERR_BADSLOT, cached: null };
    const newest = life.accepted.at(-1);
    if (newest === undefined) return this.#first(send, life);
    if (send.seq === newest.send.seq) {
      newest.wasRetried = true;
      return newest.end === null ? { status: this.#policy.busyRetry, cached: null } : this.#retry(send, newest);
    }
    if (send.seq !== after(newest.send.seq)) return { status: NFS4ERR_SEQ_MISORDERED, cached: null };
    if (newest.end === null) return { status: this.#policy.busyNext, cached: null };
    return this.#new(send, life);
  }

  complete(slot: number, cached: boolean): boolean {
    const newest = this.lives.get(slot)?.accepted.at(-1);
    if (newest === undefined || newest.end !== null) return false;
    newest.end = cached || this.#policy.cacheAll ? "full" : "uncached";
    return true;
  }

  setTarget(highest: number): void {
    const target = Math.min(Math.max(highest, 0), this.#slotsMax - 1);
    if (target < this.target) this.lowerings += 1;
    this.target = target;
    if (target <= this.enforced) return;
    this.enforced = target;
    for (let slot = 0; slot <= target; slot++) if (!this.lives.has(slot)) this.#grant(slot);
  }

  lower(highest: number): void {
    if (highest >= this.enforced) return;
    this.lowerings += 1;
    this.enforced = highest;
    this.target = Math.min(this.target, highest);
  }

  #first(send: Send, life: Life): Expected {
    const isContinued = life.lastOfFormerLife !== null && send.seq === after(life.lastOfFormerLife);
    if (send.seq === 1 || isContinued) return this.#new(send, life);
    return { status: NFS4ERR_SEQ_MISORDERED, cached: send.seq === 0 ? "contrived" : null };
  }

  #retry(send: Send, original: Life["accepted"][number]): Expected {
    const { falseRetry } = this.#policy;
    const isSame = send.fingerprint === original.send.fingerprint && send.cachethis === original.send.cachethis;
    if (send.user !== original.send.user) return { status: NFS4ERR_SEQ_FALSE_RETRY, cached: null };
    if (!isSame && falseRetry === "refuse") return { status: NFS4ERR_SEQ_FALSE_RETRY, cached: null };
    return { status: NFS4_OK, cached: !isSame && falseRetry === "uncached" ? "uncached" : original.end };
  }

  #new(send: Send, life: Life): Expected {
    const before = life.accepted.at(-1);
    // The requester has the reply to the request before, with the limits of that time, unless it may be a copy.
    const proven = before === undefined || before.wasRetried ? -1 : before.loweringsThen;
    const knows = this.#policy.refuseAboveLimit === "at-once" || Math.max(proven, this.seen) === this.lowerings;
    if (send.slot > this.enforced && knows) {
      this.#retire(send.slot);
      return { status: NFS4ERR_BADSLOT, cached: null };
    }
    this.seen = Math.max(this.seen, proven);
    life.accepted.push({ send, loweringsThen: this.lowerings, end: null, wasRetried: false });
    if (proven === this.lowerings) this.#giveBack(send.highest);
    return { status: NFS4_OK, cached: null };
  }

  #giveBack(highest: number): void {
    if (this.target < this.enforced && highest <= this.target) this.enforced = this.target;
    if (highest > this.enforced) return;
    const busy = [...this.lives.keys()].filter((slot) => this.isBusy(slot));
    const kept = Math.max(this.enforced, ...busy);
    for (const slot of [...this.lives.keys()]) if (slot > kept) this.#retire(slot);
  }

  #retire(slot: number): void {
    const life = this.lives.get(slot)!;
    const last = life.accepted.at(-1)?.send.seq;
    if (last !== undefined) this.#formerLast.set(slot, last);
    this.lives.delete(slot);
  }

  #grant(slot: number): void {
    this.lives.set(slot, { accepted: [], lastOfFormerLife: this.#formerLast.get(slot) ?? null });
  }
}
