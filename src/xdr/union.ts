import { bool } from "./bool.ts";
import type { Cursor } from "./cursor.ts";
import { EnumerationType } from "./enumeration.ts";
import type { Sink } from "./sink.ts";
import { SkipStep } from "./skip-step.ts";
import { type See, stepsOver, Type, type ValueOf } from "./type.ts";
import { voidType } from "./void.ts";

/** What a union holds for a case: one field by its RFC name, or nothing. */
export type Arm = typeof voidType | Readonly<Record<string, Type<unknown>>>;

/** Arms by case: the enumeration's names, TRUE and FALSE, or plain numbers. Cases may share an arm. */
export type Arms = Readonly<Record<string, Arm>>;

type FieldsOf<A> = A extends Type<unknown> ? never : A extends Readonly<Record<string, Type<unknown>>> ? A : never;
type Merge<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;
type ArmFields<U> = [U] extends [never] ? unknown : { [K in keyof Merge<U>]?: ValueOf<Merge<U>[K]> };

/** The discriminant, and the field of the arm it selects; the fields of the other arms are absent. */
export type UnionValue<N extends string, D, A extends Arms, E extends Arm | undefined> = { [K in N]: D } & ArmFields<
  FieldsOf<A[keyof A] | E>
>;

interface Branch {
  readonly field: string | null;
  readonly type: Type<unknown>;
}

/** Discriminants below this are looked up in an array: the hot ones (NFS4_OK, booleans) all are. */
const DENSE_CASES = 64;

/** `union name switch (type discriminantName) { … }` */
export class UnionType<
  N extends string,
  D extends number | boolean,
  A extends Arms,
  E extends Arm | undefined,
> extends Type<UnionValue<N, D, A, E>> {
  readonly discriminantName: N;
  readonly discriminant: Type<D>;
  /** Branches by number, for those who walk the type. */
  readonly branches: ReadonlyMap<number, Branch>;
  readonly fallback: Branch | null;
  private readonly dense: (Branch | null)[] = [];

  constructor(name: string, discriminantName: N, discriminant: Type<D>, arms: A, fallback: E) {
    const branches = new Map<number, Branch>();
    for (const [key, arm] of Object.entries(arms))
      branches.set(caseNumber(name, discriminant, key), branchOf(name, arm));
    const fallbackBranch = fallback === undefined ? null : branchOf(name, fallback);
    const all = [...branches.values(), ...(fallbackBranch === null ? [] : [fallbackBranch])];
    const sizes = new Set(all.map(({ type }) => type.fixedSize));
    const [size] = sizes;
    super(
      name,
      sizes.size === 1 && size !== null ? 4 + size : null,
      4 + Math.min(...all.map(({ type }) => type.minSize)),
    );
    this.discriminantName = discriminantName;
    this.discriminant = discriminant;
    this.branches = branches;
    this.fallback = fallbackBranch;
    for (let i = 0; i < DENSE_CASES; i++) this.dense.push(branches.get(i) ?? fallbackBranch);
  }

  read(cursor: Cursor): UnionValue<N, D, A, E> {
    const at = cursor.position;
    const selected = this.discriminant.read(cursor);
    const value: Record<string, unknown> = { [this.discriminantName]: selected };
    const branch = this.branchFor(cursor, Number(selected), at);
    if (branch !== null && branch.field !== null) value[branch.field] = branch.type.read(cursor);
    return value as UnionValue<N, D, A, E>;
  }

  write(sink: Sink, value: UnionValue<N, D, A, E>): void {
    const selected: D = value[this.discriminantName];
    const branch = this.branches.get(Number(selected)) ?? this.fallback;
    if (branch === null) throw new RangeError(`${this.name}: no case ${selected}`);
    this.discriminant.write(sink, selected);
    if (branch.field !== null) branch.type.write(sink, (value as Record<string, unknown>)[branch.field]);
  }

  skip(cursor: Cursor): void {
    const selected = cursor.u32();
    const branch = selected < DENSE_CASES ? this.dense[selected] : (this.branches.get(selected) ?? this.fallback);
    if (branch === null) cursor.fail(`${this.name}: no case ${selected}`, cursor.position - 4);
    else if (branch.field !== null) branch.type.skip(cursor);
  }

  override stepsBefore(next: SkipStep | null): SkipStep {
    const arms = new Map([...this.branches].map(([number, { type }]) => [number, stepsOver(type, next)]));
    return SkipStep.select(arms, this.fallback === null ? null : stepsOver(this.fallback.type, next));
  }

  override visit(cursor: Cursor, path: string, see: See): UnionValue<N, D, A, E> {
    const at = cursor.position;
    const selected = this.discriminant.read(cursor);
    see(`${path}.${this.discriminantName}`, selected, at, cursor.position, this.discriminant);
    const value: Record<string, unknown> = { [this.discriminantName]: selected };
    const branch = this.branchFor(cursor, Number(selected), at);
    if (branch !== null && branch.field !== null) {
      const start = cursor.position;
      const fieldPath = `${path}.${branch.field}`;
      value[branch.field] = branch.type.visit(cursor, fieldPath, see);
      see(fieldPath, value[branch.field], start, cursor.position, branch.type);
    }
    return value as UnionValue<N, D, A, E>;
  }

  private branchFor(cursor: Cursor, selected: number, at: number): Branch | null {
    const branch = this.branches.get(selected) ?? this.fallback;
    if (branch === null) cursor.fail(`${this.name}: no case ${selected}`, at);
    return branch;
  }
}

function branchOf(name: string, arm: Arm): Branch {
  if (arm instanceof Type) return { field: null, type: voidType };
  const entries = Object.entries(arm);
  if (entries.length !== 1) throw new RangeError(`${name}: an arm has one field, not ${entries.length}`);
  return { field: entries[0][0], type: entries[0][1] };
}

function caseNumber(name: string, discriminant: Type<unknown>, key: string): number {
  const named =
    discriminant === bool ? { FALSE: 0, TRUE: 1 } : discriminant instanceof EnumerationType ? discriminant.table : {};
  const value = (named as Record<string, number>)[key] ?? (/^\d+$/.test(key) ? Number(key) : undefined);
  if (value === undefined) throw new RangeError(`${name}: ${discriminant.name} has no ${key}`);
  return value;
}

export function union<
  const N extends string,
  D extends number | boolean,
  const A extends Arms,
  const E extends Arm | undefined = undefined,
>(name: string, discriminantName: N, discriminant: Type<D>, arms: A, fallback?: E): UnionType<N, D, A, E> {
  return new UnionType(name, discriminantName, discriminant, arms, fallback as E);
}
