/** The header of an RPC message. RFC 5531 §9. */
import { wordView } from "../xdr/word-view.ts";
import {
  AUTH_BODY_MAX,
  AUTH_ERROR,
  CALL,
  MSG_ACCEPTED,
  MSG_DENIED,
  PROG_MISMATCH,
  REPLY,
  RPC_MISMATCH,
  RPC_VERSION,
  SUCCESS,
  SYSTEM_ERR,
} from "./constants.ts";
import { padded } from "./u32.ts";

/** Why a header was refused; `""` when it was not. `short`: the bytes end inside it. */
export type HeaderProblem =
  | ""
  | "short"
  | "msg_type"
  | "rpcvers"
  | "auth body over 400 bytes"
  | "reply_stat"
  | "accept_stat"
  | "reject_stat";

/**
 * One RPC header, filled again and again by `parseHeader`. Offsets are physical positions in the parsed bytes.
 * After a refusal the fields before `problemOffset` hold (`xid` and `type` are there in all but the shortest).
 */
export class RpcHeader {
  problem: HeaderProblem = "";
  /** Where the refused field starts. */
  problemOffset = 0;
  /** As a signed number: what is stored for each call then needs no object of its own. */
  xid = 0;
  /** CALL or REPLY; -1 when the bytes end before it. */
  type = -1;

  program = 0;
  version = 0;
  procedure = 0;
  credFlavor = -1;
  credStart = 0;
  credLength = 0;

  /** -1 in a denied reply, which has no verifier. */
  verfFlavor = -1;
  verfStart = 0;
  verfLength = 0;

  /** -1 in calls, and so are the next three wherever they do not apply. */
  replyStat = -1;
  acceptStat = -1;
  rejectStat = -1;
  authStat = -1;
  /** Supported versions, of PROG_MISMATCH and RPC_MISMATCH. */
  mismatchLow = 0;
  mismatchHigh = 0;

  /** First byte of the arguments, or of the results of an accepted SUCCESS; else where the header ends. */
  bodyStart = 0;
}

/** Reads the header of the message in `bytes[start, end)`; false and `into.problem` when it is none. */
export function parseHeader(bytes: Uint8Array, start: number, end: number, into: RpcHeader): boolean {
  const words = wordView(bytes);
  into.problem = "";
  into.type = -1;
  into.credFlavor = -1;
  into.verfFlavor = -1;
  into.replyStat = -1;
  into.acceptStat = -1;
  into.rejectStat = -1;
  into.authStat = -1;
  into.bodyStart = end;
  if (end - start < 8) return refuse(into, "short", start);
  into.xid = words.getInt32(start);
  const type = words.getUint32(start + 4);
  if (type > REPLY) return refuse(into, "msg_type", start + 4);
  into.type = type;
  return type === CALL ? parseCall(words, start + 8, end, into) : parseReply(words, start + 8, end, into);
}

function parseCall(words: DataView, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  if (words.getUint32(at) !== RPC_VERSION) return refuse(into, "rpcvers", at);
  if (end - at < 24) return refuse(into, "short", at + 4);
  into.program = words.getUint32(at + 4);
  into.version = words.getUint32(at + 8);
  into.procedure = words.getUint32(at + 12);
  const credLength = words.getUint32(at + 20);
  if (credLength > AUTH_BODY_MAX) return refuse(into, "auth body over 400 bytes", at + 20);
  const credStart = at + 24;
  const verf = credStart + padded(credLength);
  if (verf > end) return refuse(into, "short", credStart);
  into.credFlavor = words.getUint32(at + 16);
  into.credStart = credStart;
  into.credLength = credLength;
  const body = parseVerifier(words, verf, end, into);
  if (body < 0) return false;
  into.bodyStart = body;
  return true;
}

function parseReply(words: DataView, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  const replyStat = words.getUint32(at);
  if (replyStat > MSG_DENIED) return refuse(into, "reply_stat", at);
  into.replyStat = replyStat;
  return replyStat === MSG_ACCEPTED ? parseAccepted(words, at + 4, end, into) : parseDenied(words, at + 4, end, into);
}

function parseAccepted(words: DataView, at: number, end: number, into: RpcHeader): boolean {
  const stat = parseVerifier(words, at, end, into);
  if (stat < 0) return false;
  if (end - stat < 4) return refuse(into, "short", stat);
  const acceptStat = words.getUint32(stat);
  if (acceptStat > SYSTEM_ERR) return refuse(into, "accept_stat", stat);
  into.acceptStat = acceptStat;
  if (acceptStat === SUCCESS) {
    into.bodyStart = stat + 4;
    return true;
  }
  return acceptStat === PROG_MISMATCH ? parseMismatch(words, stat + 4, end, into) : endsAt(into, stat + 4);
}

function parseDenied(words: DataView, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  const rejectStat = words.getUint32(at);
  if (rejectStat > AUTH_ERROR) return refuse(into, "reject_stat", at);
  into.rejectStat = rejectStat;
  if (rejectStat === RPC_MISMATCH) return parseMismatch(words, at + 4, end, into);
  if (end - at < 8) return refuse(into, "short", at + 4);
  into.authStat = words.getUint32(at + 4);
  return endsAt(into, at + 8);
}

function parseMismatch(words: DataView, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 8) return refuse(into, "short", at);
  into.mismatchLow = words.getUint32(at);
  into.mismatchHigh = words.getUint32(at + 4);
  return endsAt(into, at + 8);
}

/** Returns where the verifier's padding ends, -1 when it was refused. */
function parseVerifier(words: DataView, at: number, end: number, into: RpcHeader): number {
  if (end - at < 8) {
    refuse(into, "short", at);
    return -1;
  }
  const length = words.getUint32(at + 4);
  if (length > AUTH_BODY_MAX) {
    refuse(into, "auth body over 400 bytes", at + 4);
    return -1;
  }
  const after = at + 8 + padded(length);
  if (after > end) {
    refuse(into, "short", at + 8);
    return -1;
  }
  into.verfFlavor = words.getUint32(at);
  into.verfStart = at + 8;
  into.verfLength = length;
  return after;
}

function endsAt(into: RpcHeader, at: number): boolean {
  into.bodyStart = at;
  return true;
}

function refuse(into: RpcHeader, problem: HeaderProblem, at: number): boolean {
  into.problem = problem;
  into.problemOffset = at;
  return false;
}
