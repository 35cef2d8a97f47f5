import type { ObservedSession } from "./observed-session.ts";
import type { ObservedSlot } from "./observed-slot.ts";

/** Slots followed at a time, of all sessions together: a gigabyte at most, with what each keeps of its last requests. */
export const SLOTS_FOLLOWED_MAX = 524_288;

/** Sessions and slots have bounds of their own, whose product no memory would hold. The slot made first is let go. */
export class SlotBudget {
  letGo = 0;
  /** In the order in which they were made. */
  readonly #slots = new Set<ObservedSlot>();
  readonly #max: number;

  constructor(max = SLOTS_FOLLOWED_MAX) {
    this.#max = max;
  }

  /** A slot that was just made. */
  enter(slot: ObservedSlot): void {
    if (this.#slots.size >= this.#max) this.#letGoOldest();
    this.#slots.add(slot);
  }

  /** The session is followed no more. */
  leave({ fore, back }: ObservedSession): void {
    for (const table of [fore, back]) for (const slot of table?.used() ?? []) this.#slots.delete(slot);
  }

  #letGoOldest(): void {
    for (const oldest of this.#slots) {
      this.#slots.delete(oldest);
      this.letGo++;
      oldest.table.forget(oldest);
      return;
    }
  }

  limits() {
    return [{ name: "slots followed", bound: this.#max, dropped: this.letGo }];
  }
}
