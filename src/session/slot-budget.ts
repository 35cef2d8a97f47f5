import type { ObservedSlot } from "./observed-slot.ts";

/** Slots followed at a time, of all sessions together: a gigabyte at most, with what each keeps of its last requests. */
export const SLOTS_FOLLOWED_MAX = 524_288;

/** Sessions and slots have bounds of their own, whose product no memory would hold. The slot made first is let go. */
export class SlotBudget {
  letGo = 0;
  readonly #slots: ObservedSlot[] = [];
  readonly #max: number;
  #oldest = 0;

  constructor(max = SLOTS_FOLLOWED_MAX) {
    this.#max = max;
  }

  /** A slot that was just made. */
  enter(slot: ObservedSlot): void {
    if (this.#slots.length < this.#max) {
      this.#slots.push(slot);
      return;
    }
    const oldest = this.#slots[this.#oldest]!;
    this.#slots[this.#oldest] = slot;
    this.#oldest = (this.#oldest + 1) % this.#max;
    this.letGo++;
    oldest.table.forget(oldest);
  }

  limits() {
    return [{ name: "slots followed", bound: this.#max, dropped: this.letGo }];
  }
}
