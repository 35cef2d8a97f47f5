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
  #ranges: readonly LockRange[] = [];

  get ranges(): readonly LockRange[] {
    return this.#ranges;
  }

  /** A range of somebody else that stands in the way; null if none. */
  conflict(wanted: LockRange): LockRange | null {
    const inTheWay = (held: LockRange) =>
      held.owner !== wanted.owner && (held.isWrite || wanted.isWrite) && overlaps(held, wanted);
    return this.#ranges.find(inTheWay) ?? null;
  }

  /** Takes a range that nothing stands in the way of. False, and nothing changes, where there are too many. */
  take(wanted: LockRange): boolean {
    const others = this.#without(wanted);
    const touching = others.filter((held) => isSameKind(held, wanted) && touches(held, wanted));
    const start = touching.reduce((least, held) => min(least, held.start), wanted.start);
    const end = touching.reduce((most, held) => max(most, held.end), wanted.end);
    const merged = { ...wanted, start, end };
    const ranges = [...others.filter((held) => !touching.includes(held)), merged];
    if (ranges.length > RANGES_MAX) return false;
    this.#ranges = ranges;
    return true;
  }

  /** Gives a range back: what was taken around it stays. */
  release(owner: string, start: bigint, end: bigint): boolean {
    const ranges = this.#without({ owner, start, end });
    if (ranges.length > RANGES_MAX) return false;
    this.#ranges = ranges;
    return true;
  }

  releaseAll(owner: string): void {
    this.#ranges = this.#ranges.filter((held) => held.owner !== owner);
  }

  isHeldBy(owner: string): boolean {
    return this.#ranges.some((held) => held.owner === owner);
  }

  /** All ranges, with those of the owner cut where they overlap. */
  #without(range: Pick<LockRange, "owner" | "start" | "end">): LockRange[] {
    return this.#ranges.flatMap((held) => {
      if (held.owner !== range.owner || !overlaps(held, range)) return [held];
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

function isSameKind(left: LockRange, right: LockRange): boolean {
  return left.owner === right.owner && left.isWrite === right.isWrite;
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
