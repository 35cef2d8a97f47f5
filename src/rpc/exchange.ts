/** Pairs calls with replies by xid, for one connection and one direction of calls. RFC 5531 §9. */

/** Calls waiting for a reply; beyond it the oldest are let go. */
export const UNANSWERED_CALLS_MAX = 65_536;
/** Answered calls remembered at most, to tell a second reply from one without a call; a power of two. */
export const ANSWERED_KEPT = 256;

/** From so many on it is asked which calls are over before room is made for more. */
const SIFTED_FROM = 64;
/** Let go at a time: finding the oldest costs a walk over all. */
const LET_GO_AT_ONCE = UNANSWERED_CALLS_MAX / 16;
/** Small: a capture may hold tens of thousands of connections, most of them idle or not RPC at all. */
const CAPACITY_FIRST = 8;
const NO_XIDS = new Int32Array(0);
/** 2^32 divided by the golden ratio: spreads neighbouring xids. */
const SPREAD = 0x9e37_79b1;

/** Linux counts xids up in the byte order of the client: the byte that changes may be the first or the last. */
function hash(xid: number): number {
  return Math.imul(xid ^ (xid >>> 15), SPREAD) >>> 15;
}

/**
 * A hash table with open addressing: a Map that gains and loses an entry with each exchange leaves a trail of
 * outgrown tables, which keep the calls in them alive and cost more than all else here.
 */
export class ExchangeTable<T> {
  /** Calls let go unanswered because of UNANSWERED_CALLS_MAX. */
  dropped = 0;
  /** Calls outstanding. */
  size = 0;

  private capacity = CAPACITY_FIRST;
  private xids = new Int32Array(CAPACITY_FIRST);
  private items: (T | undefined)[] = new Array(CAPACITY_FIRST).fill(undefined);
  /** When each was entered, counted in calls, modulo 2^32. */
  private ages = new Int32Array(CAPACITY_FIRST);
  private age = 0;

  /** A place for each hash: a later call may take the place of another that hashes alike. Made with the first reply. */
  private answeredXids = NO_XIDS;
  private answeredItems: (T | undefined)[] = [];

  /** Gets the calls that are let go: those that are over, and what is beyond UNANSWERED_CALLS_MAX. */
  private readonly letGo: (item: T) => void;
  /** Nothing will answer the call any more. */
  private readonly isOver: (item: T) => boolean;

  constructor(letGo: (item: T) => void = () => {}, isOver: (item: T) => boolean = () => false) {
    this.letGo = letGo;
    this.isOver = isOver;
  }

  /** Enters a call; returns the outstanding one with the same xid that it takes the place of. */
  call(xid: number, item: T): T | undefined {
    const hashed = hash(xid);
    let at = this.find(xid, hashed);
    const displaced = this.items[at];
    if (displaced === undefined) {
      if (this.size >= UNANSWERED_CALLS_MAX || this.size * 2 >= this.capacity) {
        this.makeRoom();
        at = this.find(xid, hashed);
      }
      this.size++;
    }
    this.xids[at] = xid;
    this.items[at] = item;
    this.ages[at] = this.age;
    this.age = (this.age + 1) | 0;
    return displaced;
  }

  /** Takes out the call that a reply answers. */
  reply(xid: number): T | undefined {
    const hashed = hash(xid);
    const at = this.find(xid, hashed);
    const item = this.items[at];
    if (item === undefined) return undefined;
    this.removeAt(at);
    if (this.answeredXids === NO_XIDS) {
      this.answeredXids = new Int32Array(ANSWERED_KEPT);
      this.answeredItems = new Array(ANSWERED_KEPT).fill(undefined);
    }
    const place = hashed % ANSWERED_KEPT;
    this.answeredXids[place] = xid;
    this.answeredItems[place] = item;
    return item;
  }

  /** The call with this xid that was answered a short while ago. */
  answered(xid: number): T | undefined {
    const place = hash(xid) % ANSWERED_KEPT;
    return this.answeredXids[place] === (xid | 0) ? this.answeredItems[place] : undefined;
  }

  /** Is a call with this xid outstanding? */
  has(xid: number): boolean {
    return this.items[this.find(xid, hash(xid))] !== undefined;
  }

  /** The outstanding calls, oldest first. */
  outstanding(): Iterable<T> {
    return this.byAge().map((at) => this.items[at] as T);
  }

  private byAge(): number[] {
    const places: number[] = [];
    for (let at = 0; at < this.capacity; at++) if (this.items[at] !== undefined) places.push(at);
    return places.sort((a, b) => (this.ages[a] - this.ages[b]) | 0);
  }

  /** Where the xid is, or the free place where it belongs. */
  private find(xid: number, hashed: number): number {
    const { items, xids } = this;
    const mask = this.capacity - 1;
    const key = xid | 0;
    let at = hashed & mask;
    while (items[at] !== undefined && xids[at] !== key) at = (at + 1) & mask;
    return at;
  }

  /** Moves later entries of the chain forward, so that no search ends early at the hole. */
  private removeAt(place: number): void {
    const mask = this.capacity - 1;
    let hole = place;
    for (let at = (hole + 1) & mask; this.items[at] !== undefined; at = (at + 1) & mask) {
      const distance = (at - hash(this.xids[at])) & mask;
      if (distance < ((at - hole) & mask)) continue;
      this.xids[hole] = this.xids[at];
      this.items[hole] = this.items[at];
      this.ages[hole] = this.ages[at];
      hole = at;
    }
    this.items[hole] = undefined;
    this.size--;
  }

  private makeRoom(): void {
    if (this.size >= SIFTED_FROM) this.sift();
    if (this.size >= UNANSWERED_CALLS_MAX) this.letGoOldest();
    // As many calls again as a quarter of the places come before the next walk over all of them.
    const isCrowded = this.size * 4 > this.capacity && this.capacity < UNANSWERED_CALLS_MAX * 2;
    this.rebuild(isCrowded ? this.capacity * 2 : this.capacity);
  }

  private sift(): void {
    for (const place of this.byAge()) if (this.isOver(this.items[place] as T)) this.letGoFrom(place);
  }

  private letGoOldest(): void {
    for (const place of this.byAge().slice(0, LET_GO_AT_ONCE)) this.letGoFrom(place);
    this.dropped += LET_GO_AT_ONCE;
  }

  /** Leaves a hole that ends chains too early, until the table is rebuilt. */
  private letGoFrom(place: number): void {
    const item = this.items[place] as T;
    this.items[place] = undefined;
    this.size--;
    this.letGo(item);
  }

  private rebuild(capacity: number): void {
    const { xids, items, ages } = this;
    this.capacity = capacity;
    this.xids = new Int32Array(capacity);
    this.items = new Array(capacity).fill(undefined);
    this.ages = new Int32Array(capacity);
    for (let place = 0; place < items.length; place++) {
      const item = items[place];
      if (item === undefined) continue;
      const at = this.find(xids[place], hash(xids[place]));
      this.xids[at] = xids[place];
      this.items[at] = item;
      this.ages[at] = ages[place];
    }
  }
}
