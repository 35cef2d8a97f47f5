import type { ServedSession } from "./served-session.ts";

/** Fewer slots than this are no use to a client that works in parallel. */
const SHARE_MIN = 4;

/** How many slots each of `sessions` may have when all of them share `slots`. */
export function slotShare(slots: number, sessions: number): number {
  return Math.max(SHARE_MIN, Math.floor(slots / Math.max(1, sessions)));
}

/**
 * The slots of all reply caches together. Where they are short each session is asked to come down to its share, and may
 * have what it was granted again when others leave. A slot counts until its client has given it back. RFC 8881 §2.10.6.1
 */
export class SlotShares {
  readonly #slots: number;
  readonly #recall: (session: ServedSession, targetHighest: number) => void;

  /** `recall` tells a client before its next reply does that fewer slots are wished for. */
  constructor(slots: number, recall: (session: ServedSession, targetHighest: number) => void) {
    this.#slots = slots;
    this.#recall = recall;
  }

  /** Slots for one session more that would like `wished`; 0: there are none. What is missing the others are asked for. */
  grant(wished: number, sessions: readonly ServedSession[]): number {
    const share = Math.min(wished, slotShare(this.#slots, sessions.length + 1));
    const free = this.#free(sessions);
    if (free < share) for (const session of sessions) this.#lower(session, slotShare(this.#slots, sessions.length + 1));
    return Math.min(share, free);
  }

  /** A session came or went: all others have another share. */
  balance(sessions: readonly ServedSession[]): void {
    const share = slotShare(this.#slots, sessions.length);
    for (const session of sessions) this.#lower(session, share);
    let free = this.#free(sessions);
    for (const session of sessions) {
      const { fore } = session.model;
      const target = Math.min(session.slotsGranted, share, fore.size + free);
      if (target - 1 <= fore.targetHighest) continue;
      free -= Math.max(0, target - fore.size);
      fore.setTarget(target - 1);
    }
  }

  #lower(session: ServedSession, share: number): void {
    const { fore } = session.model;
    const target = Math.min(session.slotsGranted, share) - 1;
    if (target >= fore.targetHighest) return;
    fore.setTarget(target);
    this.#recall(session, target);
  }

  #free(sessions: readonly ServedSession[]): number {
    const held = sessions.reduce((sum, { model }) => sum + model.fore.size, 0);
    return Math.max(0, this.#slots - held);
  }
}
