import { callbackOperationNamed } from "../../src/nfs4/callback-table.ts";
import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import type { Operation } from "../../src/nfs4/operation.ts";
import { bytesOf, payloadOf, StructType, UnionType, voidType } from "../../src/xdr/types.ts";
import type { OfferedCredential } from "./scenario-options.ts";

/** An operation of a scenario: what the call says and what an OK reply says. */
export interface Step {
  readonly name: string;
  readonly args: unknown;
  /** Fields of the OK result beside the status. */
  readonly ok: Readonly<Record<string, unknown>>;
}

const STATEID = { seqid: 1, other: new Uint8Array(12).fill(7) };
const CHANGE = { atomic: true, before: 1n, after: 2n };
const NO_ATTRIBUTES = { attrmask: [], attr_vals: new Uint8Array(0) };
/** NFS4_FHSIZE */
const FH_BYTES_MAX = 128;
const VERIFIER = new Uint8Array(8).fill(9);

const step = (name: string, args?: unknown, ok: Step["ok"] = {}): Step => ({ name, args, ok });

/** Ready-made operations; `step` makes any other from its RFC name and XDR values. */
export const op = {
  step,
  putrootfh: () => step("PUTROOTFH"),
  putfh: (object: Uint8Array = Uint8Array.of(1, 2, 3, 4)) => step("PUTFH", { object }),
  getfh: () => step("GETFH", undefined, { resok4: { object: Uint8Array.of(5, 6, 7, 8) } }),
  savefh: () => step("SAVEFH"),
  getattr: () => step("GETATTR", { attr_request: [2] }, { resok4: { obj_attributes: NO_ATTRIBUTES } }),
  leaseTime: (seconds: number) =>
    step(
      "GETATTR",
      { attr_request: [1024] },
      {
        resok4: { obj_attributes: { attrmask: [1024], attr_vals: Uint8Array.of(0, 0, seconds >> 8, seconds & 255) } },
      },
    ),
  access: () => step("ACCESS", { access: 31 }, { resok4: { supported: 31, access: 31 } }),
  lookup: (objname = "file") => step("LOOKUP", { objname }),
  remove: (target = "file") => step("REMOVE", { target }, { resok4: { cinfo: CHANGE } }),
  rename: (oldname = "a", newname = "b") =>
    step("RENAME", { oldname, newname }, { resok4: { source_cinfo: CHANGE, target_cinfo: CHANGE } }),
  mkdir: (objname = "dir") =>
    step(
      "CREATE",
      { objtype: { type: 2 }, objname, createattrs: NO_ATTRIBUTES },
      { resok4: { cinfo: CHANGE, attrset: [] } },
    ),
  read: (count = 4096, data: Uint8Array = new Uint8Array(8)) =>
    step("READ", { stateid: STATEID, offset: 0n, count }, { resok4: { eof: true, data: payloadOf(data) } }),
  write: (data: Uint8Array = new Uint8Array(8)) =>
    step(
      "WRITE",
      { stateid: STATEID, offset: 0n, stable: 2, data: payloadOf(data) },
      {
        resok4: { count: data.length, committed: 2, writeverf: VERIFIER },
      },
    ),
  /** OPEN by name, of a new file with `create`; or with another claim. */
  open: (file = "file", { create = false, claim = { claim: 0, file } as object } = {}) =>
    step(
      "OPEN",
      {
        seqid: 0,
        share_access: 1,
        share_deny: 0,
        owner: { clientid: 1n, owner: Uint8Array.of(1) },
        openhow: create ? { opentype: 1, how: { mode: 0, createattrs: NO_ATTRIBUTES } } : { opentype: 0 },
        claim,
      },
      { resok4: { stateid: STATEID, cinfo: CHANGE, rflags: 0, attrset: [], delegation: { delegation_type: 0 } } },
    ),
  /** OPEN whose reply hands out a read delegation. */
  openDelegated: (stateid = STATEID) => {
    const permissions = { type: 0, flag: 0, access_mask: 0, who: bytesOf("") };
    const delegation = { delegation_type: 1, read: { stateid, recall: false, permissions } };
    return step("OPEN", op.open().args, {
      resok4: { stateid: STATEID, cinfo: CHANGE, rflags: 0, attrset: [2, 1], delegation },
    });
  },
  delegreturn: (deleg_stateid = STATEID) => step("DELEGRETURN", { deleg_stateid }),
  close: () => step("CLOSE", { seqid: 0, open_stateid: STATEID }, { open_stateid: STATEID }),
  backchannelCtl: (program: number, offered: readonly OfferedCredential[] = []) =>
    step("BACKCHANNEL_CTL", { bca_cb_program: program, bca_sec_parms: secParms(offered) }),
  recall: (fh = Uint8Array.of(1, 2, 3, 4), stateid = STATEID) => step("CB_RECALL", { stateid, truncate: false, fh }),
  recallAny: () => step("CB_RECALL_ANY", { craa_objects_to_keep: 8, craa_type_mask: [1] }),
  /** OPEN that takes back what was open before the server restarted: CLAIM_PREVIOUS. */
  reopen: () => op.open("", { claim: { claim: 1, delegate_type: 0 } }),
  reclaimComplete: (rca_one_fs = false) => step("RECLAIM_COMPLETE", { rca_one_fs }),
};

/** callback_sec_parms4 of each credential. */
export function secParms(offered: readonly OfferedCredential[] = []) {
  return offered.map(({ uid, gid = 0, gids = [] }) =>
    uid === undefined
      ? { cb_secflavor: 0 }
      : { cb_secflavor: 1, cbsp_sys_cred: { stamp: 7, machinename: "host", uid, gid, gids } },
  );
}

/** Operations that are told as CB_RECALL; the others become CB_GETATTR, whose result has a body. */
const AS_RECALL: ReadonlySet<string> = new Set(["PUTROOTFH", "PUTFH", "SAVEFH", "LOOKUP", "REMOVE"]);

/** A callback operation that stands for one of the fore channel: other arguments and results where those are others. */
export function asCallback({ name, args, ok }: Step): Step {
  if (name.startsWith("CB_")) return { name, args, ok };
  const fh = bytesOf(textOf({ name, args }).slice(0, FH_BYTES_MAX));
  if (AS_RECALL.has(name)) return step("CB_RECALL", { stateid: STATEID, truncate: false, fh });
  const obj_attributes = { attrmask: [], attr_vals: bytesOf(textOf(ok)) };
  return step("CB_GETATTR", { fh, attr_request: [] }, { resok4: { obj_attributes } });
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
}

/** An operation of any number, without arguments. */
export function unknownOperation(number: number): Step {
  return step(`operation ${number}`);
}

export function operationCalled(name: string): Operation {
  const [, number] = /^operation (\d+)$/.exec(name) ?? [];
  if (number !== undefined)
    return { name, number: Number(number), minMinor: 0, rfc: "", args: voidType, res: voidType };
  const operation = operationNamed(name) ?? callbackOperationNamed(name);
  if (operation === undefined) throw new RangeError(`no operation ${name}`);
  return operation;
}

export function argsOf({ name, args }: Step): OperationValue {
  return { operation: operationCalled(name), value: args };
}

/** The result of a step with this status; the OK fields only with NFS4_OK. */
export function resultOf({ name, ok }: Step, status = 0): OperationValue {
  const operation = operationCalled(name);
  const field = statusField(operation);
  const extra = name === "SETATTR" ? { attrsset: [] } : {};
  return { operation, value: { [field]: status, ...extra, ...(status === 0 ? ok : {}) } };
}

function statusField({ res, name }: Operation): string {
  if (res instanceof UnionType) return res.discriminantName;
  if (res instanceof StructType) return Object.keys(res.fields)[0]!;
  throw new RangeError(`${name} has no status`);
}

/** Bytes of a name or of hexadecimal digits after `0x`. */
export function bytesFrom(text: string): Uint8Array {
  return text.startsWith("0x") ? Uint8Array.from(Buffer.from(text.slice(2), "hex")) : bytesOf(text);
}
