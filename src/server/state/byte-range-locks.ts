/** Ranges of one file; more than any sane program has. */
const RANGES_MAX = 16_384;

/** Bytes from `start` up to, but without, `end`. To the end of all files: 2^64. */
export interface LockRange {
  readonly owner: string;
  readonly isWrite: boolean;
  readonly start: bigint;
  readonly end: bigint;
}

/** The byte-range locks of one file, as POSIX has them: a range of an owner has one type, and neighbours merge. RFC 8881 §9.1 */
export class ByteRangeLocks {
  readonly #rangesMax: number;
  /** An owner without ranges has no entry. */
  readonly #byOwner = new Map<string, readonly LockRange[]>();
  #count = 0;

  constructor(rangesMax = RANGES_MAX) {
    this.#rangesMax = rangesMax;
  }

  get ranges(): readonly LockRange[] {
    return [...this.#byOwner.values()].flat();
  }

  /** A range of somebody else that stands in the way; null if none. */
  conflict(wanted: LockRange): LockRange | null {
    for (const [owner, ranges] of this.#byOwner) {
      if (owner === wanted.owner) continue;
      for (const held of ranges) if ((held.isWrite || wanted.isWrite) && overlaps(held, wanted)) return held;
    }
    return null;
  }

  /** Takes a range that nothing stands in the way of. False, and nothing changes, where there are too many. */
  take(wanted: LockRange): boolean {
    const left = this.#without(wanted);
    const joins = (held: LockRange) => held.isWrite === wanted.isWrite && touches(held, wanted);
    const joined = left.filter(joins);
    const start = joined.reduce((least, held) => min(least, held.start), wanted.start);
    const end = joined.reduce((most, held) => max(most, held.end), wanted.end);
    return this.#put(wanted.owner, [...left.filter((held) => !joins(held)), { ...wanted, start, end }]);
  }

  /** Gives a range back: what was taken around it stays. False, and nothing changes, where that makes too many. */
  release(owner: string, start: bigint, end: bigint): boolean {
    return this.#put(owner, this.#without({ owner, start, end }));
  }

  releaseAll(owner: string): void {
    this.#put(owner, []);
  }

  isHeldBy(owner: string): boolean {
    return this.#byOwner.has(owner);
  }

  #of(owner: string): readonly LockRange[] {
    return this.#byOwner.get(owner) ?? [];
  }

  #put(owner: string, ranges: readonly LockRange[]): boolean {
    const count = this.#count - this.#of(owner).length + ranges.length;
    if (count > this.#rangesMax) return false;
    this.#count = count;
    if (ranges.length === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, ranges);
    return true;
  }

  /** The owner's ranges, cut where they overlap. */
  #without(range: Pick<LockRange, "owner" | "start" | "end">): LockRange[] {
    return this.#of(range.owner).flatMap((held) => {
      if (!overlaps(held, range)) return [held];
      const before = { ...held, end: range.start };
      const after = { ...held, start: range.end };
      return [before, after].filter(({ start, end }) => start < end);
    });
  }
}

type Span = Pick<LockRange, "start" | "end">;

function overlaps(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end;
}

function touches(left: Span, right: Span): boolean {
  return left.start <= right.end && right.start <= left.end;
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
