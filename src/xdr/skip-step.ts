const END = 0;
const COUNT = 1;
const CASE = 2;

/** Cases beyond it are left to the type. */
const CASES_MAX = 64;
/** What a signed number can say, less the padding. */
const BYTES_MAX = 0x7fff_fffc;

/** In place of an offset: only the type itself can tell. */
export const NOWHERE = -1;

/**
 * One step over a value: so many bytes, then either the end or a word that says how to go on, which is a count of
 * elements or the case of a union. Following steps is one loop that the compiler sees through, where a walk over the
 * types is a call to a different method at each turn. Where null stands in place of a step, only the type knows the way.
 */
export class SkipStep {
  /** Nothing is left to be passed over. */
  static readonly end = new SkipStep(0, END, null);

  /** Bytes in front of the end, or of the word. */
  readonly size: number;
  readonly kind: number;
  /** What comes behind the elements, or in a case that has no arm. */
  readonly next: SkipStep | null;
  /** Of a count: elements allowed, and the bytes of one. */
  readonly max: number;
  readonly elementSize: number;
  /** Of a union: what comes in each case. */
  readonly arms: readonly (SkipStep | null)[];

  private constructor(
    size: number,
    kind: number,
    next: SkipStep | null,
    max = 0,
    elementSize = 0,
    arms: readonly (SkipStep | null)[] = [],
  ) {
    this.size = size;
    this.kind = kind;
    this.next = next;
    this.max = max;
    this.elementSize = elementSize;
    this.arms = arms;
  }

  /** A count of at most `max`, that many elements, their padding, then `next`. */
  static count(max: number, elementSize: number, next: SkipStep | null): SkipStep {
    return new SkipStep(0, COUNT, next, Math.min(max, Math.floor(BYTES_MAX / elementSize)), elementSize);
  }

  /** The case of a union, then the arm of that case; `otherwise` where it has none. */
  static select(arms: ReadonlyMap<number, SkipStep | null>, otherwise: SkipStep | null): SkipStep {
    const cases = [...arms.keys()];
    const dense = cases.filter((number) => number < CASES_MAX);
    const rest = dense.length < cases.length ? null : otherwise;
    const byCase = Array.from({ length: Math.max(-1, ...dense) + 1 }, (_, number) =>
      arms.has(number) ? (arms.get(number) as SkipStep | null) : rest,
    );
    return new SkipStep(0, CASE, rest, 0, 0, byCase);
  }

  /** The same with `size` more bytes in front. */
  behind(size: number): SkipStep {
    return new SkipStep(this.size + size, this.kind, this.next, this.max, this.elementSize, this.arms);
  }
}

/**
 * The offset behind the value at `from` that the steps lead over, all of it in front of `limit`. NOWHERE for what cannot be
 * passed over so simply: it crosses the limit, is refused, or its steps end before it does. The type's own `skip` then
 * does it, or says in its own words why not.
 */
export function follow(words: DataView, from: number, limit: number, first: SkipStep | null): number {
  let at = from;
  let step = first;
  while (step !== null) {
    at += step.size;
    if (step.kind === END) return at <= limit ? at : NOWHERE;
    if (at + 4 > limit) return NOWHERE;
    const word = words.getInt32(at);
    at += 4;
    if (step.kind === CASE) {
      const { arms }: SkipStep = step;
      step = word >= 0 && word < arms.length ? arms[word] : step.next;
    } else {
      // An element has a byte at least.
      if (word < 0 || word > step.max || word > limit - at) return NOWHERE;
      at += (word * step.elementSize + 3) & ~3;
      step = step.next;
    }
  }
  return NOWHERE;
}
