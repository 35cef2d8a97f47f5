import { type Arm, type UnionType, union, voidType } from "../xdr/types.ts";
import { nfsstat4 } from "./types.ts";

/** The usual result: something on NFS4_OK, and nothing but the status otherwise. */
export function result<const N extends string, const A extends Arm>(
  name: string,
  statusName: N,
  ok: A,
): UnionType<N, number, { readonly NFS4_OK: A }, typeof voidType> {
  return union(name, statusName, nfsstat4, { NFS4_OK: ok }, voidType);
}
