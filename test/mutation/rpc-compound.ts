import { Compound, type CompoundKind } from "../../src/nfs4/compound.ts";
import { type OperationValue, writeCall, writeCallbackCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { decodeOperation, operationAt } from "../../src/nfs4/fields.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { type Auth, writeCall as writeCallHeader, writeReply as writeReplyHeader } from "../../src/rpc/write.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { SKIMS } from "../support/compounds.ts";

/** The header of an RPC call, or of a reply to one that was carried out. */
export interface RpcHead {
  readonly xid: number;
  /** Null in replies. */
  readonly call: {
    readonly program: number;
    readonly version: number;
    readonly procedure: number;
    readonly cred: Auth;
  } | null;
  readonly verf: Auth;
}

/** A COMPOUND in its RPC message, decoded as far as it goes. */
export interface RpcCompound {
  readonly rpc: RpcHead;
  readonly kind: CompoundKind;
  readonly tag: string;
  /** 0 in replies. */
  readonly minorVersion: number;
  readonly callbackIdent: number;
  /** Replies only. */
  readonly status: number;
  readonly operations: readonly OperationValue[];
}

const header = new RpcHeader();
const compound = new Compound();
const cursor = new Cursor();

/** Takes a message apart; null when the body is not a whole COMPOUND of this kind. */
export function decodeMessage(bytes: Uint8Array, kind: CompoundKind): RpcCompound | null {
  if (!parseHeader(bytes, 0, bytes.length, header) || header.acceptStat > 0 || header.rejectStat >= 0) return null;
  const rpc = readHead(bytes);
  SKIMS[kind](cursor.reset(bytes, header.bodyStart, bytes.length), compound, false);
  if (!compound.isComplete || compound.trailingBytes > 0) return null;
  const { tagOffset, tagLength, minorVersion, callbackIdent, status, count } = compound;
  const operations = Array.from({ length: count }, (_, index) => {
    return { operation: operationAt(compound, index), value: decodeOperation(compound, index, cursor) };
  });
  const tag = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(tagOffset, tagOffset + tagLength));
  return { rpc, kind, tag, minorVersion: Math.max(0, minorVersion), callbackIdent, status, operations };
}

function readHead(bytes: Uint8Array): RpcHead {
  const { xid, program, version, procedure, credFlavor, credStart, credLength, verfFlavor, verfStart, verfLength } =
    header;
  const verf = { flavor: verfFlavor, body: bytes.slice(verfStart, verfStart + verfLength) };
  if (header.replyStat >= 0) return { xid, call: null, verf };
  const cred = { flavor: credFlavor, body: bytes.slice(credStart, credStart + credLength) };
  return { xid, call: { program, version, procedure, cred }, verf };
}

/** Puts it together again. */
export function encodeMessage({ rpc, kind, ...body }: RpcCompound): Uint8Array {
  const sink = new Sink(1024);
  const { xid, call, verf } = rpc;
  if (call !== null) writeCallHeader(sink, { xid, ...call, verf });
  else writeReplyHeader(sink, { xid, acceptStat: 0, verf });
  if (kind === "call") writeCall(sink, body.tag, body.minorVersion, body.operations);
  else if (kind === "callback-call")
    writeCallbackCall(sink, body.tag, body.minorVersion, body.callbackIdent, body.operations);
  else writeReply(sink, body.status, body.tag, body.operations);
  return sink.finish();
}
