/** Encodes RPC headers and record marks. RFC 5531 §9, §11. */
import { Sink } from "../xdr/sink.ts";
import {
  AUTH_ERROR,
  AUTH_NONE,
  AUTH_SYS,
  CALL,
  MSG_ACCEPTED,
  MSG_DENIED,
  PROG_MISMATCH,
  REPLY,
  type RPC_MISMATCH,
  RPC_VERSION,
} from "./constants.ts";

const NO_BYTES = new Uint8Array(0);

/** opaque_auth */
export interface Auth {
  flavor: number;
  body: Uint8Array;
}

export const NO_AUTH: Auth = { flavor: AUTH_NONE, body: NO_BYTES };

export interface CallHeader {
  xid: number;
  program: number;
  version: number;
  procedure: number;
  cred?: Auth;
  verf?: Auth;
}

export type ReplyHeader =
  | { xid: number; verf?: Auth; acceptStat: number; low?: number; high?: number }
  | { xid: number; rejectStat: typeof AUTH_ERROR; authStat: number }
  | { xid: number; rejectStat: typeof RPC_MISMATCH; low: number; high: number };

export interface AuthSysFields {
  stamp?: number;
  machineName: Uint8Array;
  uid: number;
  gid: number;
  gids?: readonly number[];
}

/** Writes the header of a call; its arguments follow. */
export function writeCall(sink: Sink, call: CallHeader): void {
  sink.u32(call.xid);
  sink.u32(CALL);
  sink.u32(RPC_VERSION);
  sink.u32(call.program);
  sink.u32(call.version);
  sink.u32(call.procedure);
  writeAuth(sink, call.cred ?? NO_AUTH);
  writeAuth(sink, call.verf ?? NO_AUTH);
}

/** Writes the header of a reply; the results follow an acceptStat of SUCCESS. */
export function writeReply(sink: Sink, reply: ReplyHeader): void {
  sink.u32(reply.xid);
  sink.u32(REPLY);
  if ("acceptStat" in reply) {
    sink.u32(MSG_ACCEPTED);
    writeAuth(sink, reply.verf ?? NO_AUTH);
    sink.u32(reply.acceptStat);
    if (reply.acceptStat === PROG_MISMATCH) writeRange(sink, reply.low ?? 0, reply.high ?? 0);
    return;
  }
  sink.u32(MSG_DENIED);
  sink.u32(reply.rejectStat);
  if (reply.rejectStat === AUTH_ERROR) sink.u32(reply.authStat);
  else writeRange(sink, reply.low, reply.high);
}

/** An AUTH_SYS credential. */
export function authSys(fields: AuthSysFields): Auth {
  const gids = fields.gids ?? [];
  const sink = new Sink();
  sink.u32(fields.stamp ?? 0);
  sink.u32(fields.machineName.length);
  sink.padded(fields.machineName);
  sink.u32(fields.uid);
  sink.u32(fields.gid);
  sink.u32(gids.length);
  for (const gid of gids) sink.u32(gid);
  return { flavor: AUTH_SYS, body: sink.finish() };
}

/** Bytes of a record mark. RFC 5531 §11 */
export const RECORD_MARK_BYTES = 4;

/** Writes a record mark for a fragment of `length` bytes, the record's last unless told otherwise. */
export function writeRecordMark(sink: Sink, length: number, isLast = true): void {
  sink.u32(((isLast ? 0x8000_0000 : 0) | length) >>> 0);
}

function writeAuth(sink: Sink, auth: Auth): void {
  sink.u32(auth.flavor);
  sink.u32(auth.body.length);
  sink.padded(auth.body);
}

function writeRange(sink: Sink, low: number, high: number): void {
  sink.u32(low);
  sink.u32(high);
}
