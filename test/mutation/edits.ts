import { callbackOperationNamed } from "../../src/nfs4/callback-table.ts";
import type { CompoundKind } from "../../src/nfs4/compound.ts";
import { type OperationValue, result } from "../../src/nfs4/compound-writer.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import type { Operation } from "../../src/nfs4/operation.ts";
import { authsys_parms } from "../../src/nfs4/types.ts";
import { AUTH_SYS } from "../../src/rpc/constants.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { StructType, UnionType } from "../../src/xdr/types.ts";
import { fromHex } from "../support/hex.ts";
import { decodeMessage, encodeMessage, type RpcCompound } from "./rpc-compound.ts";
import type { Link, Message } from "./traffic.ts";

/** What SEQUENCE, in calls or replies, is to say instead. */
export interface SequenceChanges {
  readonly session?: string;
  readonly seq?: number;
  readonly slot?: number;
  readonly highest?: number;
  readonly cachethis?: boolean;
}

export interface MessageChanges extends SequenceChanges {
  readonly xid?: number;
  readonly link?: Link;
  /** AUTH_SYS. */
  readonly uid?: number;
  readonly tag?: string;
  readonly minorVersion?: number;
  /** Of the COMPOUND; by default that of the last result. */
  readonly status?: number;
  /** All operations, SEQUENCE included. */
  readonly operations?: (operations: readonly OperationValue[]) => readonly OperationValue[];
}

type Fields = Readonly<Record<string, unknown>>;

const SEQUENCE = operationNamed("SEQUENCE")!;
const CB_SEQUENCE = callbackOperationNamed("CB_SEQUENCE")!;

/** A copy of a call with changes. */
export function changedCall(call: Message, changes: MessageChanges): Message {
  return changed(call, decoded(call, call.from === 0 ? "call" : "callback-call"), changes);
}

/** A copy of a reply with changes. */
export function changedReply(reply: Message, changes: MessageChanges): Message {
  return changed(reply, decoded(reply, reply.from === 1 ? "reply" : "callback-reply"), changes);
}

/** A reply that says no more than that SEQUENCE failed. */
export function refusal(reply: Message, status: number, changes: MessageChanges = {}): Message {
  const refused =
    reply.from === 1 ? result(SEQUENCE, { sr_status: status }) : result(CB_SEQUENCE, { csr_status: status });
  return changedReply(reply, { ...changes, status, operations: () => [refused] });
}

export function decoded(message: Message, kind: CompoundKind): RpcCompound {
  const compound = decodeMessage(message.bytes, kind);
  if (compound === null) throw new Error("a message that does not decode");
  return compound;
}

function changed(message: Message, compound: RpcCompound, changes: MessageChanges): Message {
  const { xid = compound.rpc.xid, link = message.link, uid, operations: change } = changes;
  const all = change === undefined ? compound.operations : change(compound.operations);
  const operations = all.map((each, index) => (index === 0 ? changedSequence(each, compound.kind, changes) : each));
  const { status = compound.status, tag = compound.tag, minorVersion = compound.minorVersion } = changes;
  const rpc = { ...compound.rpc, xid, call: uid === undefined ? compound.rpc.call : actingFor(uid, compound) };
  return { ...message, link, bytes: encodeMessage({ ...compound, rpc, tag, minorVersion, status, operations }) };
}

function changedSequence(each: OperationValue, kind: string, changes: SequenceChanges): OperationValue {
  if (each.operation !== SEQUENCE && each.operation !== CB_SEQUENCE) return each;
  const value = each.value as Fields;
  const prefix = each.operation === SEQUENCE ? "s" : "cs";
  if (kind.endsWith("call")) return { ...each, value: { ...value, ...named(`${prefix}a`, changes) } };
  const arm = `${prefix}r_resok4`;
  if (value[arm] === undefined) return each;
  return { ...each, value: { ...value, [arm]: { ...(value[arm] as Fields), ...named(`${prefix}r`, changes) } } };
}

function named(prefix: string, { session, seq, slot, highest, cachethis }: SequenceChanges): Fields {
  return {
    ...(cachethis === undefined ? {} : { [`${prefix}_cachethis`]: cachethis }),
    ...(session === undefined ? {} : { [`${prefix}_sessionid`]: fromHex(session) }),
    ...(seq === undefined ? {} : { [`${prefix}_sequenceid`]: seq >>> 0 }),
    ...(slot === undefined ? {} : { [`${prefix}_slotid`]: slot }),
    ...(highest === undefined ? {} : { [`${prefix}_highest_slotid`]: highest }),
  };
}

function actingFor(uid: number, { rpc }: RpcCompound): RpcCompound["rpc"]["call"] {
  if (rpc.call === null || rpc.call.cred.flavor !== AUTH_SYS) throw new Error("not AUTH_SYS");
  const { body } = rpc.call.cred;
  const sink = new Sink();
  authsys_parms.write(sink, { ...authsys_parms.read(new Cursor().reset(body, 0, body.length)), uid });
  return { ...rpc.call, cred: { flavor: AUTH_SYS, body: sink.finish() } };
}

/** Whom a call acts for, null if that is not said by AUTH_SYS. */
export function uidOf(call: Message): number | null {
  const { cred } = decoded(call, "call").rpc.call!;
  return cred.flavor === AUTH_SYS ? authsys_parms.read(new Cursor().reset(cred.body, 0, cred.body.length)).uid : null;
}

/** A result that is nothing but an error; null for operations whose errors say more. */
export function failed(operation: Operation, status: number): OperationValue | null {
  const { res } = operation;
  if (res instanceof UnionType) return { operation, value: { [res.discriminantName]: status } };
  const fields = res instanceof StructType ? Object.keys(res.fields as object) : [];
  return fields.length === 1 ? { operation, value: { [fields[0]!]: status } } : null;
}
