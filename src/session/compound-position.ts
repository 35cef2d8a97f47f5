import {
  isOperation,
  mayLead,
  NFS4ERR_CLIENTID_BUSY,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQUENCE_POS,
  OP_BIND_CONN_TO_SESSION,
  OP_CB_SEQUENCE,
  OP_SEQUENCE,
  operationClass,
} from "../nfs4/constants.ts";

/** An operation that stands where it must not. */
export interface PositionFault {
  readonly index: number;
  /** What a correct server says to it. */
  readonly status: number;
  /** Other statuses that are as good. */
  readonly alsoAccepted: readonly number[];
}

/**
 * The first of the `count` operations that stands in a wrong place, in a compound of `minorVersion` 1 or above; null
 * when all is well. A compound without operations is fine. RFC 8881 §18.46.3, §15.1.3.3
 */
export function positionFault(ops: ArrayLike<number>, count: number, minorVersion = 2): PositionFault | null {
  if (count === 0) return null;
  const first = ops[0]!;
  if (first === OP_SEQUENCE) return faultBehindSequence(ops, count);
  // Those that may lead without SEQUENCE have to be alone.
  if (mayLead(first)) return count > 1 ? fault(0, NFS4ERR_NOT_ONLY_OP) : null;
  if (!isOperation(first, minorVersion)) return fault(0, NFS4ERR_OP_ILLEGAL, [NFS4ERR_OP_NOT_IN_SESSION]);
  // Two MUSTs meet: §18.46.3 and, for operations of 4.0 only, §8.8.
  return fault(0, NFS4ERR_OP_NOT_IN_SESSION, operationClass(first) === "X" ? [NFS4ERR_NOTSUPP] : []);
}

function faultBehindSequence(ops: ArrayLike<number>, count: number): PositionFault | null {
  for (let index = 1; index < count; index++) {
    const op = ops[index]!;
    if (op === OP_SEQUENCE) return fault(index, NFS4ERR_SEQUENCE_POS);
    // §18.34.3 has it "the only operation", without a status; this is what servers say.
    if (op === OP_BIND_CONN_TO_SESSION) return fault(index, NFS4ERR_NOT_ONLY_OP);
  }
  return null;
}

/** The same for CB_COMPOUND: CB_SEQUENCE leads, and only leads. RFC 8881 §20.9.3 */
export function callbackPositionFault(ops: ArrayLike<number>, count: number): PositionFault | null {
  if (count === 0) return null;
  if (ops[0] !== OP_CB_SEQUENCE) return fault(0, NFS4ERR_OP_NOT_IN_SESSION);
  for (let index = 1; index < count; index++) {
    if (ops[index] === OP_CB_SEQUENCE) return fault(index, NFS4ERR_SEQUENCE_POS);
  }
  return null;
}

/**
 * DESTROY_SESSION of the session whose SEQUENCE leads the compound MUST come last; of another one it may stand anywhere.
 * RFC 8881 §18.37.3
 */
export function destroySessionFault(index: number, count: number, isOwnSession: boolean): PositionFault | null {
  return isOwnSession && index !== count - 1 ? fault(index, NFS4ERR_NOT_ONLY_OP) : null;
}

/** DESTROY_CLIENTID under a SEQUENCE of the same client ID. RFC 8881 §18.50.3 */
export function destroyClientIdFault(index: number, isOwnClient: boolean): PositionFault | null {
  return isOwnClient ? fault(index, NFS4ERR_CLIENTID_BUSY) : null;
}

/**
 * The status of the second operation when a retry finds that only SEQUENCE was cached. An operation that does not exist
 * in the minor version keeps the status that says so: it MUST NOT be RETRY_UNCACHED_REP. RFC 8881 §2.10.6.1.3
 */
export function uncachedRetryStatus(secondOp: number, minorVersion: number): number {
  if (!isOperation(secondOp, minorVersion)) return NFS4ERR_OP_ILLEGAL;
  return operationClass(secondOp) === "X" ? NFS4ERR_NOTSUPP : NFS4ERR_RETRY_UNCACHED_REP;
}

function fault(index: number, status: number, alsoAccepted: readonly number[] = []): PositionFault {
  return { index, status, alsoAccepted };
}
