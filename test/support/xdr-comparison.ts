import {
  ArrayType,
  BitmapType,
  bool,
  EnumerationType,
  FixedOpaqueType,
  int32,
  int64,
  LENGTH_MAX,
  LinkedListType,
  OpaqueType,
  PayloadType,
  StructType,
  TextType,
  type Type,
  UnionType,
  uint32,
  uint64,
  voidType,
} from "../../src/xdr/types.ts";
import type { Declaration, Definitions } from "./xdr-language.ts";

const PRIMITIVES: Readonly<Record<string, Type<unknown>>> = {
  bool,
  int32_t: int32,
  int64_t: int64,
  uint32_t: uint32,
  uint64_t: uint64,
};
const BYTES = new Set(["opaque", "string", "utf8string"]);
/** Defined in other RFCs. */
const FOREIGN = new Set(["authsys_parms", "rpc_gss_svc_t"]);

type AnyUnion = UnionType<string, number | boolean, Record<string, never>, undefined>;

/** Compares our declarations with definitions of an RFC, name by name and field by field. */
export class XdrComparison {
  readonly mismatches: string[] = [];
  /** Names of structs, unions and enumerations that were looked into. */
  readonly compared = new Set<string>();
  private readonly rfc: Definitions;

  constructor(rfc: Definitions) {
    this.rfc = rfc;
  }

  /** Compares a type with the definition of that name. */
  named(name: string, type: Type<unknown>): void {
    this.compare(name, type, { name, type: name, suffix: "" });
  }

  private compare(where: string, type: Type<unknown>, declared: Declaration): void {
    const { type: name, suffix } = declared;
    if (suffix === "*") {
      if (!(type instanceof LinkedListType)) this.differ(where, type, declared);
      else this.compare(`${where}[]`, type.element, { ...declared, suffix: "" });
    } else if (suffix !== "") this.compareSized(where, type, declared);
    else if (Object.hasOwn(PRIMITIVES, name)) {
      // We name the values of a few words that the RFC leaves plain.
      const isNamed = name === "uint32_t" && type instanceof EnumerationType;
      if (type !== PRIMITIVES[name] && !isNamed) this.differ(where, type, declared);
    } else if (this.rfc.structs.has(name)) this.compareStruct(name, type);
    else if (this.rfc.unions.has(name)) this.compareUnion(name, type);
    else if (this.rfc.enumerations.has(name)) this.compareEnumeration(name, type);
    else if (this.rfc.typedefs.has(name)) this.compare(where, type, this.rfc.typedefs.get(name)!);
    else if (!FOREIGN.has(name)) this.differ(where, type, declared);
  }

  private compareSized(where: string, type: Type<unknown>, declared: Declaration): void {
    const word = declared.suffix.slice(1, -1);
    const size = word === "" ? LENGTH_MAX : (this.rfc.constants.get(word) ?? Number(word));
    if (declared.suffix.startsWith("[")) {
      if (!(type instanceof FixedOpaqueType && type.length === size)) this.differ(where, type, declared);
    } else if (BYTES.has(declared.type)) {
      const isBytes = type instanceof OpaqueType || type instanceof PayloadType || type instanceof TextType;
      if (!isBytes || type.max !== size) this.differ(where, type, declared);
    } else if (type instanceof BitmapType) {
      // A bound of our own, so that a hostile mask stays small.
      if (declared.type !== "uint32_t") this.differ(where, type, declared);
    } else if (type instanceof ArrayType && type.max === size) {
      this.compare(`${where}[]`, type.element, { ...declared, suffix: "" });
    } else this.differ(where, type, declared);
  }

  private compareStruct(name: string, type: Type<unknown>): void {
    if (type.name !== name || !(type instanceof StructType)) {
      this.differ(name, type);
      return;
    }
    if (this.compared.has(name)) return;
    this.compared.add(name);
    // A chain's `next` is not in the entry: the list is the chain.
    const wanted = this.rfc.structs.get(name)!.filter((field) => !(field.suffix === "*" && field.type === name));
    const fields = type.fields as Record<string, Type<unknown>>;
    const [have, want] = [Object.keys(fields).join(), wanted.map((field) => field.name).join()];
    if (have !== want) this.mismatches.push(`${name}: ${have}, the RFC has ${want}`);
    else for (const field of wanted) this.compare(`${name}.${field.name}`, fields[field.name], field);
  }

  private compareUnion(name: string, type: Type<unknown>): void {
    if (type.name !== name || !(type instanceof UnionType)) {
      this.differ(name, type);
      return;
    }
    if (this.compared.has(name)) return;
    this.compared.add(name);
    const { discriminant, arms } = this.rfc.unions.get(name)!;
    const union = type as unknown as AnyUnion;
    if (union.discriminantName !== discriminant.name) this.differ(`${name}.${discriminant.name}`, type);
    this.compare(`${name}.${discriminant.name}`, union.discriminant, discriminant);
    if (!arms.has("default") && union.fallback !== null) this.mismatches.push(`${name}: a default`);
    for (const [label, arm] of arms) this.compareArm(name, union, label, arm);
  }

  private compareArm(name: string, union: AnyUnion, label: string, arm: Declaration | null): void {
    const branch = label === "default" ? union.fallback : union.branches.get(caseNumber(union, label));
    if (branch === null || branch === undefined) this.mismatches.push(`${name}: no case ${label}`);
    else if (branch.field !== (arm?.name ?? null)) this.mismatches.push(`${name}: ${label} holds ${branch.field}`);
    else if (arm === null) {
      if (branch.type !== voidType) this.mismatches.push(`${name}: ${label} is not void`);
    } else this.compare(`${name}.${arm.name}`, branch.type, arm);
  }

  private compareEnumeration(name: string, type: Type<unknown>): void {
    if (!(type instanceof EnumerationType)) {
      this.differ(name, type);
      return;
    }
    this.compared.add(name);
    // Later RFCs add values, so ours may have more.
    for (const [key, value] of this.rfc.enumerations.get(name)!) {
      if (type.table[key] !== value) this.mismatches.push(`${name}: ${key} is ${type.table[key]}, not ${value}`);
    }
  }

  private differ(where: string, type: Type<unknown>, declared?: Declaration): void {
    const wanted = declared === undefined ? "something else" : `${declared.type}${declared.suffix}`;
    this.mismatches.push(`${where}: ${type?.name}, the RFC has ${wanted}`);
  }
}

function caseNumber(union: AnyUnion, label: string): number {
  if ((union.discriminant as Type<unknown>) === bool) return label === "TRUE" ? 1 : 0;
  return union.discriminant instanceof EnumerationType ? union.discriminant.table[label] : Number.NaN;
}
