import * as op from "./operations.ts";

/**
 * What repeating an operation does. I: only reads. M: modifies, but twice is as good as once. N: twice is not as good
 * as once (SETATTR and SETXATTR with a guard, OPENATTR that creates: it depends; SETATTR counts as M). H: session
 * plumbing with replay rules of its own. X: must not be used in minor version 1 and above. "-": not an operation.
 */
export type OperationClass = "I" | "M" | "N" | "H" | "X" | "-";

const MEMBERS: Readonly<Record<Exclude<OperationClass, "-">, readonly number[]>> = {
  I: [
    op.OP_ACCESS,
    op.OP_GETATTR,
    op.OP_GETFH,
    op.OP_LOCKT,
    op.OP_LOOKUP,
    op.OP_LOOKUPP,
    op.OP_NVERIFY,
    op.OP_PUTFH,
    op.OP_PUTPUBFH,
    op.OP_PUTROOTFH,
    op.OP_READ,
    op.OP_READDIR,
    op.OP_READLINK,
    op.OP_RESTOREFH,
    op.OP_SAVEFH,
    op.OP_SECINFO,
    op.OP_VERIFY,
    op.OP_GETDEVICEINFO,
    op.OP_GETDEVICELIST,
    op.OP_SECINFO_NO_NAME,
    op.OP_TEST_STATEID,
    op.OP_IO_ADVISE,
    op.OP_OFFLOAD_STATUS,
    op.OP_READ_PLUS,
    op.OP_SEEK,
    op.OP_GETXATTR,
    op.OP_LISTXATTRS,
  ],
  M: [
    op.OP_COMMIT,
    op.OP_DELEGPURGE,
    op.OP_SETATTR,
    op.OP_WRITE,
    op.OP_LAYOUTCOMMIT,
    op.OP_ALLOCATE,
    op.OP_DEALLOCATE,
    op.OP_WRITE_SAME,
    op.OP_CLONE,
  ],
  N: [
    op.OP_CLOSE,
    op.OP_CREATE,
    op.OP_DELEGRETURN,
    op.OP_LINK,
    op.OP_LOCK,
    op.OP_LOCKU,
    op.OP_OPEN,
    op.OP_OPENATTR,
    op.OP_OPEN_DOWNGRADE,
    op.OP_REMOVE,
    op.OP_RENAME,
    op.OP_BACKCHANNEL_CTL,
    op.OP_EXCHANGE_ID,
    op.OP_CREATE_SESSION,
    op.OP_DESTROY_SESSION,
    op.OP_FREE_STATEID,
    op.OP_GET_DIR_DELEGATION,
    op.OP_LAYOUTGET,
    op.OP_LAYOUTRETURN,
    op.OP_SET_SSV,
    op.OP_WANT_DELEGATION,
    op.OP_DESTROY_CLIENTID,
    op.OP_RECLAIM_COMPLETE,
    op.OP_COPY,
    op.OP_COPY_NOTIFY,
    op.OP_LAYOUTERROR,
    op.OP_LAYOUTSTATS,
    op.OP_OFFLOAD_CANCEL,
    op.OP_SETXATTR,
    op.OP_REMOVEXATTR,
  ],
  H: [op.OP_BIND_CONN_TO_SESSION, op.OP_SEQUENCE],
  X: [op.OP_OPEN_CONFIRM, op.OP_RENEW, op.OP_SETCLIENTID, op.OP_SETCLIENTID_CONFIRM, op.OP_RELEASE_LOCKOWNER],
};

const classes = new Map<number, OperationClass>(
  (["I", "M", "N", "H", "X"] as const).flatMap((letter) => MEMBERS[letter].map((number) => [number, letter] as const)),
);

/** See OperationClass. */
export function operationClass(operation: number): OperationClass {
  return classes.get(operation) ?? "-";
}

/** The first minor version that has the operation; null for a number that is none. OP_ILLEGAL is in all. */
export function operationMinMinor(operation: number): number | null {
  if (operation === op.OP_ILLEGAL) return 0;
  if (!classes.has(operation)) return null;
  if (operation <= op.OP_RELEASE_LOCKOWNER) return 0;
  return operation <= op.OP_RECLAIM_COMPLETE ? 1 : 2;
}

/** The minor version has the operation, be it only to refuse it (class X). OP_ILLEGAL is no operation. */
export function isOperation(number: number, minorVersion: number): boolean {
  const from = operationMinMinor(number);
  return from !== null && from <= minorVersion && number !== op.OP_ILLEGAL;
}

const leaders: ReadonlySet<number> = new Set([
  op.OP_SEQUENCE,
  op.OP_EXCHANGE_ID,
  op.OP_CREATE_SESSION,
  op.OP_BIND_CONN_TO_SESSION,
  op.OP_DESTROY_SESSION,
  op.OP_DESTROY_CLIENTID,
]);

/**
 * The operation may lead a compound of minor version 1 and above. All but SEQUENCE must then be the only one.
 * RFC 8881 §15.1.3.3 and §15.1.3.5
 */
export function mayLead(operation: number): boolean {
  return leaders.has(operation);
}
