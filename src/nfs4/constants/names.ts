import * as callbackOperations from "./callback-operations.ts";
import * as createSessionFlags from "./create-session-flags.ts";
import * as exchangeIdFlags from "./exchange-id-flags.ts";
import * as operations from "./operations.ts";
import * as sequenceStatusFlags from "./sequence-status-flags.ts";
import * as statuses from "./status.ts";

type NumberTable = Readonly<Record<string, number>>;

function namesOf(table: NumberTable, prefix = ""): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([name, number]) => [number, name.slice(prefix.length)]));
}

/** Statuses by their RFC name. */
export const NFSSTAT4: NumberTable = { ...statuses };
/** Operations by their RFC name (`OP_SEQUENCE`). */
export const NFS_OPNUM4: NumberTable = { ...operations };
/** Callback operations by their RFC name (`OP_CB_SEQUENCE`). */
export const NFS_CB_OPNUM4: NumberTable = { ...callbackOperations };

const statusNames = namesOf(NFSSTAT4);
const operationNames = namesOf(NFS_OPNUM4, "OP_");
const callbackOperationNames = namesOf(NFS_CB_OPNUM4, "OP_");

/** `NFS4ERR_BADSLOT`, or the number where it has no name. */
export function statusName(status: number): string {
  return statusNames.get(status) ?? `nfsstat4 ${status}`;
}

/** The status of that name; undefined if there is none. */
export function statusNumber(name: string): number | undefined {
  return Object.hasOwn(NFSSTAT4, name) ? NFSSTAT4[name] : undefined;
}

/** `SEQUENCE`, or the number where it has no name. */
export function operationName(operation: number): string {
  return operationNames.get(operation) ?? `operation ${operation}`;
}

/** `CB_SEQUENCE`, or the number where it has no name. */
export function callbackOperationName(operation: number): string {
  return callbackOperationNames.get(operation) ?? `callback operation ${operation}`;
}

/** Names of single bits, lowest first; masks of several bits are left out. */
function flagNamer(table: NumberTable, prefix: string): (flags: number) => string[] {
  const names = namesOf(table, prefix);
  return (flags) => {
    const found: string[] = [];
    for (let bit = 0; bit < 32; bit++) {
      const flag = (1 << bit) >>> 0;
      if ((flags & flag) !== 0) found.push(names.get(flag) ?? `0x${flag.toString(16)}`);
    }
    return found;
  };
}

/** Names of the bits of sr_status_flags, without SEQ4_STATUS_. */
export const sequenceStatusFlagNames = flagNamer(sequenceStatusFlags, "SEQ4_STATUS_");
/** Names of the bits of eia_flags and eir_flags, without EXCHGID4_FLAG_. */
export const exchangeIdFlagNames = flagNamer(exchangeIdFlags, "EXCHGID4_FLAG_");
/** Names of the bits of csa_flags and csr_flags, without CREATE_SESSION4_FLAG_. */
export const createSessionFlagNames = flagNamer(createSessionFlags, "CREATE_SESSION4_FLAG_");
