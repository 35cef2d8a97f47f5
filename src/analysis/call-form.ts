import type { Compound } from "../nfs4/compound.ts";
import {
  mayLead,
  NFS4ERR_BADXDR,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_NOT_ONLY_OP,
  OP_GETDEVICEINFO,
  OP_READ,
  OP_READ_PLUS,
  OP_READDIR,
  OP_SEQUENCE,
} from "../nfs4/constants.ts";
import { GETDEVICEINFO4args } from "../nfs4/ops/device.ts";
import { READ4args } from "../nfs4/ops/io.ts";
import { READDIR4args } from "../nfs4/ops/readdir.ts";
import { READ_PLUS4args } from "../nfs4/ops/sparse.ts";
import { beyondMinor, type FormFault } from "../session/form-fault.ts";
import type { OperationList } from "../session/operation-list.ts";

/** The last minor version that there is. */
const MINOR_VERSION_MAX = 2;

/** What is wrong with the form of the call just skimmed; null when nothing is. */
export function callFault(list: OperationList, compound: Compound): FormFault | null {
  const { error, unknownOp, count, minorVersion } = compound;
  if (error !== null || unknownOp >= 0 || count === 0 || minorVersion > MINOR_VERSION_MAX)
    return unusualFault(list, compound);
  return list.formFaults[minorVersion] ?? null;
}

function unusualFault(list: OperationList, compound: Compound): FormFault | null {
  const { error, unknownOp, count, minorVersion, declaredOps } = compound;
  // It takes precedence over all other errors. RFC 8881 §16.2.3
  if (minorVersion > MINOR_VERSION_MAX) return whole("minor-version", NFS4ERR_MINOR_VERS_MISMATCH);
  if (error !== null)
    return { kind: "undecodable", index: count, operation: compound.partialOp, statuses: [NFS4ERR_BADXDR] };
  const listed = list.formFaults[minorVersion] ?? null;
  if (listed !== null) return listed;
  const first = count === 0 ? OP_SEQUENCE : compound.ops[0]!;
  if (unknownOp >= 0 && minorVersion > 0 && mayLead(first) && first !== OP_SEQUENCE)
    return { kind: "not-only-op", index: 0, operation: first, statuses: [NFS4ERR_NOT_ONLY_OP] };
  if (unknownOp >= 0) return beyondMinor(count, unknownOp);
  return declaredOps === 0 && minorVersion > 0 && !compound.truncated ? whole("empty", 0) : null;
}

function whole(kind: FormFault["kind"], status: number): FormFault {
  return { kind, index: -1, operation: -1, statuses: [status] };
}

/** Where the count stands in the arguments; all that comes before it is of fixed size. */
const COUNT_OFFSETS: Readonly<Record<number, number>> = {
  [OP_READ]: READ4args.offsets.count,
  [OP_READ_PLUS]: READ_PLUS4args.offsets.rpa_count,
  [OP_READDIR]: READDIR4args.offsets.maxcount,
  [OP_GETDEVICEINFO]: GETDEVICEINFO4args.offsets.gdia_maxcount,
};

/** RPC header with an AUTH_NONE verifier 24, COMPOUND with an empty tag 12, SEQUENCE's result 44. */
const REPLY_HEAD_BYTES = 24 + 12 + 44;
/** Operation number and status. */
const RESULT_BYTES = 8;

/** Bytes of the shortest reply to the call just skimmed that holds as much as READ, READDIR, … ask for; 0 without those. */
export function askedBytes({ countedReads, numbers }: OperationList, compound: Compound, bytes: Uint8Array): number {
  if (countedReads.length === 0) return 0;
  let sum = REPLY_HEAD_BYTES + RESULT_BYTES * (numbers.length - 1);
  for (const index of countedReads) sum += wordAt(bytes, compound.starts[index]! + COUNT_OFFSETS[numbers[index]!]!);
  return sum;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
