import {
  isOperation,
  mayLead,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_SEQUENCE_POS,
  OP_BACKCHANNEL_CTL,
  OP_BIND_CONN_TO_SESSION,
  OP_COMMIT,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_IO_ADVISE,
  OP_PUTFH,
  OP_READ,
  OP_READ_PLUS,
  OP_RECLAIM_COMPLETE,
  OP_SECINFO_NO_NAME,
  OP_SEEK,
  OP_SEQUENCE,
  OP_SET_SSV,
  OP_WRITE,
  OP_WRITE_SAME,
  operationClass,
} from "../nfs4/constants.ts";
import { type PositionFault, positionFault } from "./compound-position.ts";

/** What is wrong with the form of a compound: the first thing at which a correct server stops. */
export type FormFaultKind =
  | "sequence-not-first"
  | "missing-sequence"
  | "not-only-op"
  | "bind-in-sequence"
  | "v40-op"
  | "op-beyond-minor"
  /** An operation that a later RFC added to the minor version, and that this server does not know. */
  | "extension-refused"
  | "ds-op-not-allowed"
  | "empty"
  /** The bytes are no XDR of a COMPOUND. */
  | "undecodable"
  /** The server does not know the minor version, or nobody does. */
  | "minor-version"
  /** The session was created under another minor version. */
  | "minor-version-mixed";

export interface FormFault {
  readonly kind: FormFaultKind;
  /** Where the operation stands that is to be refused; -1 where it is the compound as a whole. */
  readonly index: number;
  /** Its number; -1 where it has none. */
  readonly operation: number;
  /** What a correct server says to it. */
  readonly statuses: readonly number[];
}

/** What is wrong with a list of operations in itself, in this minor version (0 to 2); null when nothing is. */
export function formFault(ops: readonly number[], minorVersion: number): FormFault | null {
  const beyond = ops.findIndex((op) => !isOperation(op, minorVersion));
  const illegal = beyond < 0 ? null : beyondMinor(beyond, ops[beyond]!);
  if (minorVersion === 0) return illegal;
  const gone = ops.findIndex((op) => operationClass(op) === "X");
  const position = positionFault(ops, ops.length, minorVersion);
  // In this order where two stand at the same place: what the operation is comes before where it stands.
  const faults = [illegal, gone < 0 ? null : removed(gone, ops[gone]!), position && misplaced(ops, position)];
  return faults.reduce((first, fault) =>
    first === null || (fault !== null && fault.index < first.index) ? fault : first,
  );
}

/** The operation does not exist in the minor version. As the first one it is also one outside a session. RFC 8881 §16.2.3 */
export function beyondMinor(index: number, operation: number): FormFault {
  const statuses = index === 0 ? [NFS4ERR_OP_ILLEGAL, NFS4ERR_OP_NOT_IN_SESSION] : [NFS4ERR_OP_ILLEGAL];
  return { kind: "op-beyond-minor", index, operation, statuses };
}

/** Of NFSv4.0 only. RFC 8881 §8.8, §18.46.3 */
function removed(index: number, operation: number): FormFault {
  const statuses = index === 0 ? [NFS4ERR_NOTSUPP, NFS4ERR_OP_NOT_IN_SESSION] : [NFS4ERR_NOTSUPP];
  return { kind: "v40-op", index, operation, statuses };
}

function misplaced(ops: readonly number[], { index, status, alsoAccepted }: PositionFault): FormFault {
  const statuses = [status, ...alsoAccepted];
  const isSequenced = ops[0] === OP_SEQUENCE;
  const operation = ops[index]!;
  // A SEQUENCE somewhere says what the client meant; a server stops before it gets there.
  if (!isSequenced && ops.includes(OP_SEQUENCE))
    return { kind: "sequence-not-first", index, operation, statuses: [NFS4ERR_SEQUENCE_POS, ...statuses] };
  if (isSequenced) {
    const kind = operation === OP_BIND_CONN_TO_SESSION ? "bind-in-sequence" : "sequence-not-first";
    return { kind, index, operation, statuses };
  }
  return { kind: mayLead(operation) ? "not-only-op" : "missing-sequence", index, operation, statuses };
}

/** Data-server housekeeping and I/O. RFC 8881 §13.6 */
const DATA_SERVER_OPERATIONS: ReadonlySet<number> = new Set([
  OP_BACKCHANNEL_CTL,
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_SECINFO_NO_NAME,
  OP_SET_SSV,
  OP_SEQUENCE,
  OP_COMMIT,
  OP_READ,
  OP_WRITE,
  OP_PUTFH,
]);
/** What minor version 2 adds. RFC 7862 §3.3.1 */
const DATA_SERVER_OPERATIONS_V42: ReadonlySet<number> = new Set([OP_IO_ADVISE, OP_READ_PLUS, OP_SEEK, OP_WRITE_SAME]);

/**
 * The operation that a server which is nothing but a data server has to refuse; null if there is none.
 * RECLAIM_COMPLETE, which harms nobody, only where no other is.
 */
export function dataServerFault(ops: readonly number[], minorVersion: number): FormFault | null {
  const isForeign = (op: number) =>
    !DATA_SERVER_OPERATIONS.has(op) && !(minorVersion >= 2 && DATA_SERVER_OPERATIONS_V42.has(op));
  const worst = ops.findIndex((op) => isForeign(op) && op !== OP_RECLAIM_COMPLETE);
  const index = worst >= 0 ? worst : ops.findIndex(isForeign);
  if (index < 0) return null;
  return { kind: "ds-op-not-allowed", index, operation: ops[index]!, statuses: [NFS4ERR_NOTSUPP] };
}
