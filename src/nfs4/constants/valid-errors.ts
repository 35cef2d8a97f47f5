import * as cb from "./callback-operations.ts";
import { callbackOperationName, NFS_CB_OPNUM4, NFS_OPNUM4, operationName } from "./names.ts";
import { mayLead } from "./operation-facts.ts";
import * as op from "./operations.ts";
import * as status from "./status.ts";
import { VALID_ERRORS_CALLBACK } from "./valid-errors-callback.ts";
import { VALID_ERRORS_V41 } from "./valid-errors-v41.ts";
import { VALID_ERRORS_V42 } from "./valid-errors-v42.ts";

// The tables list these for nearly every operation and leave them out of a few lists by editorial accident.
const NEARLY_ALWAYS: readonly number[] = [
  status.NFS4ERR_REP_TOO_BIG,
  status.NFS4ERR_REP_TOO_BIG_TO_CACHE,
  status.NFS4ERR_REQ_TOO_BIG,
  status.NFS4ERR_RETRY_UNCACHED_REP,
  status.NFS4ERR_TOO_MANY_OPS,
  status.NFS4ERR_SERVERFAULT,
  status.NFS4ERR_DELAY,
  status.NFS4ERR_BADXDR,
];

// Demanded by the text, absent from the tables.
const BY_TEXT: ReadonlyMap<number, readonly number[]> = new Map([
  // RFC 8881 §18.35.4 item 9; WRONG_CRED: §15.1.6.4
  [op.OP_EXCHANGE_ID, [status.NFS4ERR_PERM, status.NFS4ERR_WRONG_CRED]],
  [op.OP_BIND_CONN_TO_SESSION, [status.NFS4ERR_WRONG_CRED]],
  // RFC 7862 §15.11.3
  [op.OP_SEEK, [status.NFS4ERR_NXIO]],
  // OPTIONAL: RFC 7862 §13; RFC 8881 §15.1.1.5
  [op.OP_COPY_NOTIFY, [status.NFS4ERR_NOTSUPP]],
  // RFC 8276 §8.4.4.3 and §8.4.4
  [op.OP_GETXATTR, [status.NFS4ERR_FHEXPIRED]],
  [op.OP_LISTXATTRS, [status.NFS4ERR_TOOSMALL, status.NFS4ERR_FHEXPIRED]],
  [op.OP_SETXATTR, [status.NFS4ERR_NOTSUPP, status.NFS4ERR_FHEXPIRED]],
  [op.OP_REMOVEXATTR, [status.NFS4ERR_NOTSUPP, status.NFS4ERR_FHEXPIRED]],
]);

/** Operations that carry a sec_label. RFC 7862 §11.1.3 names no operations; these are the ones that can. */
const LABELLED: ReadonlySet<number> = new Set([op.OP_SETATTR, op.OP_CREATE, op.OP_OPEN, op.OP_VERIFY, op.OP_NVERIFY]);

/** The operations of NFSv4.0 that a later minor version must refuse, and the number that is none. */
const REFUSED: ReadonlySet<number> = new Set([
  op.OP_OPEN_CONFIRM,
  op.OP_RENEW,
  op.OP_SETCLIENTID,
  op.OP_SETCLIENTID_CONFIRM,
  op.OP_RELEASE_LOCKOWNER,
  op.OP_ILLEGAL,
]);

type Lists = Readonly<Record<string, string>>;

function parse(lists: Lists, name: string): number[] {
  const numbers: Readonly<Record<string, number>> = status;
  const words = Object.hasOwn(lists, name) ? lists[name].trim().split(/\s+/) : [];
  return words.map((word) => numbers[`NFS4ERR_${word}`]);
}

function collect(operation: number, minorVersion: number): ReadonlySet<number> {
  const name = operationName(operation);
  const isNew = minorVersion >= 2 && Object.hasOwn(VALID_ERRORS_V42, name);
  const listed = new Set([status.NFS4_OK, ...parse(isNew ? VALID_ERRORS_V42 : VALID_ERRORS_V41, name)]);
  if (REFUSED.has(operation)) {
    listed.delete(status.NFS4_OK);
    // OP_NOT_IN_SESSION: where one of these leads a compound, both answers are right.
    for (const each of [status.NFS4ERR_BADXDR, status.NFS4ERR_OP_NOT_IN_SESSION]) listed.add(each);
    return listed;
  }
  for (const each of NEARLY_ALWAYS) listed.add(each);
  for (const each of BY_TEXT.get(operation) ?? []) listed.add(each);
  listed.add(status.NFS4ERR_DEADSESSION);
  if (!mayLead(operation)) listed.add(status.NFS4ERR_OP_NOT_IN_SESSION);
  if (minorVersion >= 2) {
    if (LABELLED.has(operation))
      for (const each of [status.NFS4ERR_BADLABEL, status.NFS4ERR_WRONG_LFS]) listed.add(each);
    listed.add(status.NFS4ERR_UNION_NOTSUPP);
  }
  return listed;
}

function collectCallback(operation: number): ReadonlySet<number> {
  const listed = new Set(parse(VALID_ERRORS_CALLBACK, callbackOperationName(operation)));
  if (operation === cb.OP_CB_ILLEGAL) return listed;
  listed.add(status.NFS4_OK);
  for (const each of NEARLY_ALWAYS) listed.add(each);
  if (operation !== cb.OP_CB_SEQUENCE) listed.add(status.NFS4ERR_OP_NOT_IN_SESSION);
  return listed;
}

const NOTHING: ReadonlySet<number> = new Set();

/** Collected when an operation first fails: most never do, and a short capture is not to wait for all of them. */
class Collected {
  readonly #known = new Map<number, ReadonlySet<number>>();
  readonly #numbers: ReadonlySet<number>;
  readonly #collect: (operation: number) => ReadonlySet<number>;

  constructor(numbers: Iterable<number>, collect: (operation: number) => ReadonlySet<number>) {
    this.#numbers = new Set(numbers);
    this.#collect = collect;
  }

  of(operation: number): ReadonlySet<number> {
    let listed = this.#known.get(operation);
    if (listed === undefined) {
      listed = this.#numbers.has(operation) ? this.#collect(operation) : NOTHING;
      if (listed !== NOTHING) this.#known.set(operation, listed);
    }
    return listed;
  }
}

const byMinor = [1, 2].map((minor) => new Collected(Object.values(NFS_OPNUM4), (each) => collect(each, minor)));
const byCallback = new Collected(Object.values(NFS_CB_OPNUM4), collectCallback);

/**
 * Statuses that a correct replier may give for the operation in minor version 1 or 2: what the RFC lists, what its text
 * demands besides, and what it forgot to list. Empty for a number that is no operation.
 */
export function validErrors(operation: number, minorVersion: number): ReadonlySet<number> {
  return byMinor[minorVersion >= 2 ? 1 : 0].of(operation);
}

/** The same for a callback operation. DEADSESSION is never right there. */
export function validCallbackErrors(operation: number): ReadonlySet<number> {
  return byCallback.of(operation);
}
