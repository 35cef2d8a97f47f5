/** Operations as probes write them: `putRootFh(), lookup("a"), getAttr("size")`. */
import type { AttributeName, AttributeValues } from "../nfs4/attributes.ts";
import type { OperationValue } from "../nfs4/compound-writer.ts";
import { OP_ILLEGAL } from "../nfs4/constants.ts";
import { attributeMask, writeAttributes } from "../nfs4/fattr.ts";
import { operationOf } from "../nfs4/op-table.ts";
import { ACCESS4args, GETATTR4args, SETATTR4args } from "../nfs4/ops/attributes.ts";
import { DELEGRETURN4args } from "../nfs4/ops/delegation.ts";
import { PUTFH4args } from "../nfs4/ops/filehandle.ts";
import { COMMIT4args, READ4args, WRITE4args } from "../nfs4/ops/io.ts";
import { LOCK4args, LOCKT4args, LOCKU4args } from "../nfs4/ops/lock.ts";
import { CREATE4args, LINK4args, LOOKUP4args, REMOVE4args, RENAME4args } from "../nfs4/ops/namespace.ts";
import { CLOSE4args, OPEN4args } from "../nfs4/ops/open.ts";
import { READDIR4args } from "../nfs4/ops/readdir.ts";
import { BACKCHANNEL_CTL4args, FREE_STATEID4args, TEST_STATEID4args } from "../nfs4/ops/session.ts";
import type { callback_sec_parms4, stateid4 } from "../nfs4/types.ts";
import { operationCall } from "../requester/operation-call.ts";
import { rawOperation } from "../requester/raw-operation.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import { bytesOf, payloadOf, voidType } from "../xdr/types.ts";

export {
  bindCall as bindConnection,
  destroyClientIdCall as destroyClientId,
  destroySessionCall as destroySession,
  reclaimCompleteCall as reclaimComplete,
} from "../requester/session-calls.ts";

const NF4DIR = 2;
const NF4LNK = 5;
const CLAIM_NULL = 0;
const CLAIM_PREVIOUS = 1;
const OPEN_DELEGATE_NONE = 0;
const UNCHECKED4 = 0;
const READ_LT = 1;
const WRITE_LT = 2;
const OPEN4_NOCREATE = 0;
const OPEN4_CREATE = 1;
const LOCK_TO_END = 0xffff_ffff_ffff_ffffn;
const VERIFIER_BYTES = 8;
/** More than the arguments of any operation take when all of them are zero. */
const ZEROS = new Uint8Array(512);

/** share_access and share_deny of OPEN. RFC 8881 §18.16.1 */
export const SHARE = {
  none: 0,
  read: 1,
  write: 2,
  both: 3,
  wantNoDelegation: 0x400,
  wantReadDelegation: 0x100,
} as const;
/** Whoever asks acts without an open. RFC 8881 §8.2.3 */
export const ANONYMOUS_STATEID: stateid4 = { seqid: 0, other: new Uint8Array(12) };
/** The stateid that an operation before left. RFC 8881 §16.2.3.1.2 */
export const CURRENT_STATEID: stateid4 = { seqid: 1, other: new Uint8Array(12) };

const calls = {
  access: operationCall("ACCESS", ACCESS4args),
  backchannelCtl: operationCall("BACKCHANNEL_CTL", BACKCHANNEL_CTL4args),
  close: operationCall("CLOSE", CLOSE4args),
  commit: operationCall("COMMIT", COMMIT4args),
  create: operationCall("CREATE", CREATE4args),
  delegReturn: operationCall("DELEGRETURN", DELEGRETURN4args),
  freeStateid: operationCall("FREE_STATEID", FREE_STATEID4args),
  getAttr: operationCall("GETATTR", GETATTR4args),
  link: operationCall("LINK", LINK4args),
  lock: operationCall("LOCK", LOCK4args),
  lockTest: operationCall("LOCKT", LOCKT4args),
  lookup: operationCall("LOOKUP", LOOKUP4args),
  open: operationCall("OPEN", OPEN4args),
  putFh: operationCall("PUTFH", PUTFH4args),
  read: operationCall("READ", READ4args),
  readDir: operationCall("READDIR", READDIR4args),
  remove: operationCall("REMOVE", REMOVE4args),
  rename: operationCall("RENAME", RENAME4args),
  setAttr: operationCall("SETATTR", SETATTR4args),
  testStateid: operationCall("TEST_STATEID", TEST_STATEID4args),
  unlock: operationCall("LOCKU", LOCKU4args),
  write: operationCall("WRITE", WRITE4args),
};

/** An operation without arguments. */
function bare(name: string): () => OperationValue {
  const make = operationCall(name, voidType);
  return () => make(undefined);
}

export const putRootFh = bare("PUTROOTFH");
export const getFh = bare("GETFH");
export const saveFh = bare("SAVEFH");
export const restoreFh = bare("RESTOREFH");
export const readLink = bare("READLINK");
export const lookupParent = bare("LOOKUPP");

/** The operation that is none. RFC 8881 §18.52 */
export const illegal = () => rawOperation(OP_ILLEGAL);
/** An operation of any number with any bytes for arguments. */
export const raw = rawOperation;

/** An operation whose arguments are zeros, as many as it takes; none where zeros cannot be its arguments. */
export function zeroed(number: number): OperationValue {
  const cursor = new Cursor().reset(ZEROS, 0, ZEROS.length);
  try {
    operationOf(number)?.args.skip(cursor);
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    return raw(number);
  }
  return raw(number, ZEROS.subarray(0, cursor.offset));
}

export const putFh = (object: Uint8Array) => calls.putFh({ object });
export const lookup = (objname: string) => calls.lookup({ objname });
export const getAttr = (...names: AttributeName[]) => calls.getAttr({ attr_request: attributeMask(...names) });
export const access = (bits: number) => calls.access({ access: bits });
export const remove = (target: string) => calls.remove({ target });
export const rename = (oldname: string, newname: string) => calls.rename({ oldname, newname });
/** RENAME within a directory. */
export const renameIn = (directory: Uint8Array, oldname: string, newname: string): OperationValue[] => [
  putFh(directory),
  saveFh(),
  rename(oldname, newname),
];
export const link = (newname: string) => calls.link({ newname });

export const setAttr = (values: AttributeValues, stateid: stateid4 = ANONYMOUS_STATEID) =>
  calls.setAttr({ stateid, obj_attributes: writeAttributes(values) });

export const createDirectory = (objname: string, values: AttributeValues = { mode: 0o777 }) =>
  calls.create({ objtype: { type: NF4DIR }, objname, createattrs: writeAttributes(values) });

export const createSymlink = (objname: string, linkdata: string) =>
  calls.create({ objtype: { type: NF4LNK, linkdata }, objname, createattrs: writeAttributes({}) });

/** OPEN of a name in the current directory. */
export interface OpenFields {
  readonly owner?: string;
  readonly access?: number;
  readonly deny?: number;
}

/** The client ID in an owner is ignored: the session says whose it is. RFC 8881 §18.16.3 */
const owner = (name: string) => ({ clientid: 0n, owner: bytesOf(name) });

function openArgs({ owner: name = "probe", access: share = SHARE.both, deny = SHARE.none }: OpenFields) {
  return { seqid: 0, share_access: share, share_deny: deny, owner: owner(name) };
}

export const open = (file: string, fields: OpenFields = {}) =>
  calls.open({ ...openArgs(fields), openhow: { opentype: OPEN4_NOCREATE }, claim: { claim: CLAIM_NULL, file } });

export const openCreate = (file: string, fields: OpenFields = {}, values: AttributeValues = { mode: 0o666 }) => {
  const how = { mode: UNCHECKED4, createattrs: writeAttributes(values) };
  const openhow = { opentype: OPEN4_CREATE, how };
  return calls.open({ ...openArgs(fields), openhow, claim: { claim: CLAIM_NULL, file } });
};

/** Takes back what was open when the server went down: the current filehandle, not a name in it. RFC 8881 §18.16.3 */
export const openPrevious = (fields: OpenFields = {}) => {
  const claim = { claim: CLAIM_PREVIOUS, delegate_type: OPEN_DELEGATE_NONE };
  return calls.open({ ...openArgs(fields), openhow: { opentype: OPEN4_NOCREATE }, claim });
};

export const close = (open_stateid: stateid4) => calls.close({ seqid: 0, open_stateid });
export const delegReturn = (deleg_stateid: stateid4) => calls.delegReturn({ deleg_stateid });
export const testStateid = (...stateids: stateid4[]) => calls.testStateid({ ts_stateids: stateids });
export const freeStateid = (fsa_stateid: stateid4) => calls.freeStateid({ fsa_stateid });

export const read = (count: number, offset = 0n, stateid: stateid4 = ANONYMOUS_STATEID) =>
  calls.read({ stateid, offset, count });

/** `stable`: 0 UNSTABLE4, 1 DATA_SYNC4, 2 FILE_SYNC4. */
export const write = (data: Uint8Array, offset = 0n, stateid: stateid4 = ANONYMOUS_STATEID, stable = 2) =>
  calls.write({ stateid, offset, stable, data: payloadOf(data) });

export const commit = (offset = 0n, count = 0) => calls.commit({ offset, count });

export const readDir = (maxcount: number, cookie = 0n, cookieverf = new Uint8Array(VERIFIER_BYTES)) =>
  calls.readDir({ cookie, cookieverf, dircount: maxcount, maxcount, attr_request: attributeMask("type") });

/** A byte range; all of the file unless told otherwise. */
export interface LockFields {
  readonly offset?: bigint;
  readonly length?: bigint;
  readonly isWrite?: boolean;
  readonly owner?: string;
  readonly reclaim?: boolean;
}

const range = ({ offset = 0n, length = LOCK_TO_END }: LockFields) => ({ offset, length });

/** LOCK for a new lock owner, under an open. */
export const lock = (open_stateid: stateid4, fields: LockFields = {}) => {
  const { isWrite = true, owner: name = "probe", reclaim = false } = fields;
  const open_owner = { open_seqid: 0, open_stateid, lock_seqid: 0, lock_owner: owner(name) };
  const locker = { new_lock_owner: true, open_owner };
  return calls.lock({ locktype: isWrite ? WRITE_LT : READ_LT, reclaim, ...range(fields), locker });
};

export const lockTest = (fields: LockFields = {}) => {
  const { isWrite = true, owner: name = "probe" } = fields;
  return calls.lockTest({ locktype: isWrite ? WRITE_LT : READ_LT, ...range(fields), owner: owner(name) });
};

export const unlock = (lock_stateid: stateid4, fields: LockFields = {}) =>
  calls.unlock({ locktype: WRITE_LT, seqid: 0, lock_stateid, ...range(fields) });

export const backchannelCtl = (bca_cb_program: number, ...bca_sec_parms: callback_sec_parms4[]) =>
  calls.backchannelCtl({ bca_cb_program, bca_sec_parms });
