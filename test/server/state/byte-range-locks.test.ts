import { describe, expect, test } from "vitest";
import { ByteRangeLocks, type LockRange } from "../../../src/server/state/byte-range-locks.ts";
import { integer, pick, random } from "../../support/random.ts";

const END = 1n << 64n;
const range = (owner: string, isWrite: boolean, start: number | bigint, end: number | bigint): LockRange => ({
  owner,
  isWrite,
  start: BigInt(start),
  end: BigInt(end),
});

/** Every byte on its own: who has it, and how. */
class LocksByByte {
  static readonly BYTES = 24;
  readonly #held = Array.from({ length: LocksByByte.BYTES }, () => new Map<string, boolean>());

  #bytes({ start, end }: Pick<LockRange, "start" | "end">) {
    return this.#held.slice(Number(start), Number(end));
  }

  isFree(wanted: LockRange): boolean {
    const isInTheWay = (held: Map<string, boolean>) =>
      [...held].some(([owner, isWrite]) => owner !== wanted.owner && (isWrite || wanted.isWrite));
    return !this.#bytes(wanted).some(isInTheWay);
  }

  take(wanted: LockRange): void {
    for (const held of this.#bytes(wanted)) held.set(wanted.owner, wanted.isWrite);
  }

  release(given: LockRange): void {
    for (const held of this.#bytes(given)) held.delete(given.owner);
  }

  /** The fewest ranges that say the same. */
  get ranges(): LockRange[] {
    const found: LockRange[] = [];
    for (const owner of OWNERS) {
      let open: { isWrite: boolean; start: number } | null = null;
      for (let at = 0; at <= LocksByByte.BYTES; at++) {
        const isWrite = this.#held[at]?.get(owner);
        if (open !== null && open.isWrite !== isWrite) {
          found.push(range(owner, open.isWrite, open.start, at));
          open = null;
        }
        if (open === null && isWrite !== undefined) open = { isWrite, start: at };
      }
    }
    return found;
  }
}

const OWNERS = ["a", "b", "c"];
const inOrder = (ranges: readonly LockRange[]) =>
  [...ranges].sort((left, right) => left.owner.localeCompare(right.owner) || Number(left.start - right.start));

describe("byte-range locks", () => {
  test("hold what a table of single bytes would hold", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const locks = new ByteRangeLocks();
      const naive = new LocksByByte();
      for (let step = 0; step < 80; step++) {
        const start = integer(next, 0, LocksByByte.BYTES - 1);
        const wanted = range(pick(next, OWNERS), next() < 0.5, start, integer(next, start + 1, LocksByByte.BYTES));
        if (next() < 0.4) {
          locks.release(wanted.owner, wanted.start, wanted.end);
          naive.release(wanted);
        } else {
          const isFree = locks.conflict(wanted) === null;
          expect(isFree, `seed ${seed}, step ${step}`).toBe(naive.isFree(wanted));
          if (isFree) {
            expect(locks.take(wanted)).toBe(true);
            naive.take(wanted);
          }
        }
        expect(inOrder(locks.ranges), `seed ${seed}, step ${step}`).toEqual(naive.ranges);
      }
    }
  });

  test("a conflict is told as it is held", () => {
    const locks = new ByteRangeLocks();
    locks.take(range("a", false, 10, 20));
    locks.take(range("a", true, 30, END));
    expect(locks.conflict(range("b", false, 0, 30))).toBeNull();
    expect(locks.conflict(range("b", true, 0, 11))).toEqual(range("a", false, 10, 20));
    expect(locks.conflict(range("b", false, END - 1n, END))).toEqual(range("a", true, 30, END));
    expect(locks.conflict(range("a", true, 0, END))).toBeNull();
  });

  test("the last byte of all files is one byte", () => {
    const locks = new ByteRangeLocks();
    locks.take(range("a", true, END - 1n, END));
    locks.take(range("a", true, 0, END - 1n));
    expect(locks.ranges).toEqual([range("a", true, 0, END)]);
    locks.release("a", END - 1n, END);
    expect(locks.ranges).toEqual([range("a", true, 0, END - 1n)]);
  });

  test("all of an owner go, and nobody else's", () => {
    const locks = new ByteRangeLocks();
    locks.take(range("a", false, 0, 10));
    locks.take(range("b", false, 5, 15));
    locks.releaseAll("a");
    expect(locks.ranges).toEqual([range("b", false, 5, 15)]);
    expect([locks.isHeldBy("a"), locks.isHeldBy("b")]).toEqual([false, true]);
  });

  test("ranges that get too many are refused, and nothing changes", () => {
    const locks = new ByteRangeLocks(3);
    for (const at of [0, 10, 20]) expect(locks.take(range("a", true, at, at + 5))).toBe(true);
    expect(locks.take(range("a", true, 30, 35))).toBe(false);
    expect(locks.release("a", 2n, 3n)).toBe(false);
    expect(locks.ranges).toHaveLength(3);
    // Fewer than before is always possible.
    expect(locks.take(range("a", true, 0, 25))).toBe(true);
    expect(locks.ranges).toEqual([range("a", true, 0, 25)]);
  });
});
