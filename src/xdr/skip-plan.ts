import type { Cursor } from "./cursor.ts";
import type { Type } from "./type.ts";

/** size: so many bytes. */
const FIXED = 0;
/** max, size, type: a count of at most `max`, so many elements of `size` bytes, padding. */
const COUNTED = 1;
/** type, end, fallback, cases, then where the arm of each case starts: a union's discriminant. */
const SELECT = 2;
/** where: goes on there. */
const JUMP = 3;
/** type: skips by itself. */
const ASK = 4;
const END = 5;

/** In place of an arm's start: the type itself knows what to do. */
const NOWHERE = -1;
/** Cases beyond it are left to the type. */
const CASES_MAX = 64;

/**
 * How to skip types, as a list of plain numbers: following it is one loop that the compiler sees through, where a walk
 * over the types is a call to a different method at each step. What cannot be skipped here and now (it lies across
 * the hole, runs over the end, or is refused) is left to the type's own `skip`, which says the same in its own words.
 */
export class SkipPlan {
  private readonly code: number[] = [];
  private readonly types: Type<unknown>[] = [];
  /** Where the last FIXED stands that what follows may be merged with. */
  private openFixed = NOWHERE;

  /** Adds a type; `follow` wants the number returned. */
  add(type: Type<unknown>): number {
    const start = this.code.length;
    this.part(type);
    this.put(END);
    return start;
  }

  /** Adds a type that is part of the one being added. */
  part(type: Type<unknown>): void {
    if (type.fixedSize === null) type.plan(this);
    else this.fixed(type.fixedSize);
  }

  counted(type: Type<unknown>, max: number, size: number): void {
    // No record is as long as a signed number can say: what is longer is left to the type anyway.
    this.put(COUNTED, Math.min(max, 0x7fff_ffff), size, this.remember(type));
  }

  ask(type: Type<unknown>): void {
    this.put(ASK, this.remember(type));
  }

  /** A union with these arms by case; null stands for a case that it does not have. */
  select(type: Type<unknown>, arms: ReadonlyMap<number, Type<unknown>>, fallback: Type<unknown> | null): void {
    const numbers = [...arms.keys()];
    const dense = numbers.filter((number) => number < CASES_MAX);
    const cases = dense.length === 0 ? 0 : Math.max(...dense) + 1;
    const at = this.code.length;
    this.put(SELECT, this.remember(type), NOWHERE, NOWHERE, cases, ...new Array<number>(cases).fill(NOWHERE));
    const jumps: number[] = [];
    const arm = (part: Type<unknown>) => {
      const start = this.code.length;
      this.part(part);
      jumps.push(this.code.length + 1);
      this.put(JUMP, NOWHERE);
      return start;
    };
    const rest = fallback === null || dense.length < numbers.length ? NOWHERE : arm(fallback);
    this.code[at + 3] = rest;
    for (let number = 0; number < cases; number++) {
      const part = arms.get(number);
      this.code[at + 5 + number] = part === undefined ? rest : arm(part);
    }
    const end = this.code.length;
    this.code[at + 2] = end;
    for (const jump of jumps) this.code[jump] = end;
  }

  /** Moves the cursor over a value of the type that `start` was returned for. */
  follow(cursor: Cursor, start: number): void {
    const { code } = this;
    const { bytes } = cursor;
    let { limit, offset: at } = cursor;
    let pc = start;
    for (;;) {
      const from = at;
      const kind = code[pc];
      if (kind === FIXED) {
        at += code[pc + 1];
        pc += 2;
        if (at <= limit) continue;
        cursor.offset = from;
        cursor.skip(at - from);
      } else if (kind === COUNTED) {
        const count = from + 4 <= limit ? word(bytes, from) : NOWHERE;
        at = from + 4 + ((count * code[pc + 2] + 3) & ~3);
        pc += 4;
        if (count >= 0 && count <= code[pc - 3] && count <= limit - from && at <= limit) continue;
        cursor.offset = from;
        this.types[code[pc - 1]].skip(cursor);
      } else if (kind === SELECT) {
        const selected = from + 4 <= limit ? word(bytes, from) : NOWHERE;
        const arm = selected >= 0 && selected < code[pc + 4] ? code[pc + 5 + selected] : code[pc + 3];
        if (arm !== NOWHERE && selected !== NOWHERE) {
          at = from + 4;
          pc = arm;
          continue;
        }
        cursor.offset = from;
        this.types[code[pc + 1]].skip(cursor);
        pc = code[pc + 2];
      } else if (kind === JUMP) {
        pc = code[pc + 1];
        continue;
      } else if (kind === ASK) {
        cursor.offset = from;
        this.types[code[pc + 1]].skip(cursor);
        pc += 2;
      } else break;
      if (cursor.hasFailed) return;
      at = cursor.offset;
      limit = cursor.limit;
    }
    cursor.offset = at;
  }

  private fixed(size: number): void {
    if (size === 0) return;
    if (this.openFixed === this.code.length - 2) this.code[this.openFixed + 1] += size;
    else {
      this.put(FIXED, size);
      this.openFixed = this.code.length - 2;
    }
  }

  private remember(type: Type<unknown>): number {
    return this.types.push(type) - 1;
  }

  private put(...numbers: number[]): void {
    this.openFixed = NOWHERE;
    this.code.push(...numbers);
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
