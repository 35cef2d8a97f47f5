import { type OperationValue, writeCall } from "../nfs4/compound-writer.ts";
import { NFS_PROGRAM } from "../rpc/programs.ts";
import type { Auth } from "../rpc/write.ts";
import { Sink } from "../xdr/sink.ts";
import { type CompoundReply, readReply } from "./compound-reply.ts";
import { callRecord, type RpcCall, type RpcConnection } from "./rpc-connection.ts";
import type { RpcOutcome } from "./rpc-outcome.ts";

export const NFS_VERSION = 4;
export const PROCEDURE_NULL = 0;
export const PROCEDURE_COMPOUND = 1;

/** A COMPOUND about to be sent. */
export interface CompoundCall {
  readonly operations: readonly OperationValue[];
  readonly minorVersion: number;
  readonly tag?: string | undefined;
  /** COMPOUND4args as they are to be sent, instead of what the fields above would make. */
  readonly bytes?: Uint8Array | undefined;
  readonly cred?: Auth | undefined;
  readonly xid?: number | undefined;
  readonly timeoutMillis?: number | undefined;
}

/** How a COMPOUND ended. */
export type CompoundOutcome =
  | { readonly kind: "reply"; readonly reply: CompoundReply }
  | Exclude<RpcOutcome, { kind: "reply" }>;

/** A COMPOUND on its way. */
export interface PendingCompound {
  readonly xid: number;
  readonly outcome: Promise<CompoundOutcome>;
  cancel(): void;
}

/** Sends a COMPOUND on a connection. */
export function sendCompound(connection: RpcConnection, compound: CompoundCall): PendingCompound {
  const call = connection.call(rpcCall(compound));
  return { xid: call.xid, outcome: call.outcome.then(compoundOutcome), cancel: call.cancel };
}

/** The record that `sendCompound` would send, mark included. */
export function compoundRecord(compound: CompoundCall): Uint8Array {
  return callRecord(new Sink(), compound.xid ?? 0, rpcCall(compound));
}

/** The procedure that does nothing. RFC 8881 §16.1 */
export function sendNull(connection: RpcConnection, cred?: Auth, timeoutMillis?: number): Promise<RpcOutcome> {
  const call = { program: NFS_PROGRAM, version: NFS_VERSION, procedure: PROCEDURE_NULL, body: new Uint8Array(0) };
  const options = {
    ...(cred === undefined ? {} : { cred }),
    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
  };
  return connection.call({ ...call, ...options }).outcome;
}

function compoundOutcome(outcome: RpcOutcome): CompoundOutcome {
  if (outcome.kind !== "reply") return outcome;
  return { kind: "reply", reply: readReply(outcome.record.subarray(outcome.bodyStart)) };
}

function rpcCall({ operations, minorVersion, tag = "", bytes, cred, xid, timeoutMillis }: CompoundCall): RpcCall {
  return {
    program: NFS_PROGRAM,
    version: NFS_VERSION,
    procedure: PROCEDURE_COMPOUND,
    body: bytes ?? ((sink) => writeCall(sink, tag, minorVersion, operations)),
    cred,
    xid,
    timeoutMillis,
  };
}
