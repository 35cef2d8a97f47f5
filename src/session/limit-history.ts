import type { Sighting } from "./sighting.ts";

/** Falls of a limit that are told apart; beyond them the two oldest count as one. */
const FALLS_MAX = 16;

/** Replies in a row since the level above, none of which named more than `value`. */
interface Level {
  value: number;
  /** The latest reply that named `value`. */
  lastAt: number;
  /** The first reply after all that named more. */
  first: Sighting;
  replies: number;
}

/** A limit has been below some slot id for a while. */
export interface Fall {
  /** The reply that first said so. */
  readonly first: Sighting;
  /** Replies since, that one included. */
  readonly replies: number;
  /** The highest limit that any of them named. */
  readonly limit: number;
}

/** How a limit that replies name has changed: for any slot id, since when all of them leave it out. RFC 8881 §2.10.6.1 */
export class LimitHistory {
  /** Values fall from each to the next; the last one is the limit of now. */
  readonly #levels: Level[] = [];
  #now: Level | null = null;
  /** The largest limit that was ever named, -1 before the first. */
  highest = -1;

  /** A reply named this limit. Hot: nothing but two stores while the limit stays. */
  note(value: number, reply: Sighting): void {
    const now = this.#now;
    if (now !== null && now.value === value) {
      now.lastAt = reply.at;
      now.replies++;
    } else this.#change(value, reply);
  }

  #change(value: number, reply: Sighting): void {
    const levels = this.#levels;
    const level: Level = { value, lastAt: reply.at, first: reply, replies: 1 };
    for (let top = levels.at(-1); top !== undefined && top.value <= value; top = levels.at(-1)) {
      levels.pop();
      level.first = top.first;
      level.replies += top.replies;
    }
    levels.push(level);
    this.#now = level;
    if (value > this.highest) this.highest = value;
    if (levels.length > FALLS_MAX) this.#forgetOldest();
  }

  /** In doubt the limit was high for longer: that accuses nobody. */
  #forgetOldest(): void {
    const [oldest, next] = this.#levels;
    if (oldest === undefined || next === undefined) return;
    next.value = oldest.value;
    this.#levels.shift();
  }

  /** What is known when the latest replies, one or more, named less than `value`; null when the last one did not. */
  below(value: number): Fall | null {
    let replies = 0;
    let deepest: Level | null = null;
    for (let i = this.#levels.length - 1; i >= 0; i--) {
      const level = this.#levels[i]!;
      if (level.value >= value) break;
      replies += level.replies;
      deepest = level;
    }
    return deepest && { first: deepest.first, replies, limit: deepest.value };
  }

  /** When a reply last named `value` or more; -Infinity if none ever did. */
  lastAtLeast(value: number): number {
    for (let i = this.#levels.length - 1; i >= 0; i--)
      if (this.#levels[i]!.value >= value) return this.#levels[i]!.lastAt;
    return Number.NEGATIVE_INFINITY;
  }
}
