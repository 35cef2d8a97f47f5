/** Pairs calls with replies by xid, for one connection and one direction of calls. RFC 5531 §9. */

/** Calls waiting for a reply; beyond it the oldest are let go. */
export const UNANSWERED_CALLS_MAX = 65_536;
/** Answered calls remembered, to tell a second reply from one without a call. */
export const ANSWERED_KEPT = 1024;

/** Let go at a time: finding the oldest of a Map costs a walk over what was deleted before it. */
const LET_GO_AT_ONCE = UNANSWERED_CALLS_MAX / 16;

export class ExchangeTable<T> {
  /** Calls let go unanswered because of UNANSWERED_CALLS_MAX. */
  dropped = 0;

  private readonly calls = new Map<number, T>();
  /** The last answered calls, a ring; `answeredAt` finds a xid's latest place in it. */
  private readonly answeredXids: number[] = [];
  private readonly answeredItems: T[] = [];
  private readonly answeredAt = new Map<number, number>();
  private next = 0;

  /** Calls outstanding. */
  get size(): number {
    return this.calls.size;
  }

  /** Enters a call; returns the outstanding one with the same xid that it takes the place of. */
  call(xid: number, item: T): T | undefined {
    const displaced = this.calls.get(xid);
    // Deleted first, so that the Map's order stays that of the calls.
    if (displaced !== undefined) this.calls.delete(xid);
    else if (this.calls.size >= UNANSWERED_CALLS_MAX) this.letGo();
    this.calls.set(xid, item);
    return displaced;
  }

  /** Takes out the call that a reply answers. */
  reply(xid: number): T | undefined {
    const item = this.calls.get(xid);
    if (item === undefined) return undefined;
    this.calls.delete(xid);
    this.remember(xid, item);
    return item;
  }

  /** The call with this xid that was answered a short while ago. */
  answered(xid: number): T | undefined {
    const at = this.answeredAt.get(xid);
    return at === undefined ? undefined : this.answeredItems[at];
  }

  /** Is a call with this xid outstanding? */
  has(xid: number): boolean {
    return this.calls.has(xid);
  }

  /** The outstanding calls, oldest first. */
  outstanding(): Iterable<T> {
    return this.calls.values();
  }

  private remember(xid: number, item: T): void {
    const at = this.next;
    this.next = (at + 1) % ANSWERED_KEPT;
    const forgotten = this.answeredXids[at];
    if (forgotten !== undefined && this.answeredAt.get(forgotten) === at) this.answeredAt.delete(forgotten);
    this.answeredXids[at] = xid;
    this.answeredItems[at] = item;
    this.answeredAt.set(xid, at);
  }

  private letGo(): void {
    let left = LET_GO_AT_ONCE;
    for (const xid of this.calls.keys()) {
      this.calls.delete(xid);
      this.dropped++;
      if (--left === 0) return;
    }
  }
}
