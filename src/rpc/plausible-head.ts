/**
 * Does an RPC message start here? For streams whose record marks were lost, or that may be no RPC at all.
 * A record mark, xid, msg_type, then rpcvers 2 and a program, or a reply_stat and a known xid. RFC 5531 §9, §11
 */
import {
  AUTH_BODY_MAX,
  AUTH_ERROR,
  AUTH_TLS,
  CALL,
  MSG_ACCEPTED,
  MSG_DENIED,
  REPLY,
  RPC_VERSION,
  SYSTEM_ERR,
} from "./constants.ts";
import { padded, u32 } from "./u32.ts";

/** No message starts here. */
export const NO = 0;
/** The bytes end before that can be said. */
export const MORE = 1;
/** A reply with an xid nobody knows: five small numbers in a row, which file data may imitate. */
export const WEAK = 2;
/** A call, or a reply to a known xid. */
export const STRONG = 3;
export type Plausibility = typeof NO | typeof MORE | typeof WEAK | typeof STRONG;

/** Shortest message: a denied reply with an auth_stat. */
export const MESSAGE_LENGTH_MIN = 20;
/** More fragments follow, so how long the message is stays open. */
export const LENGTH_UNKNOWN = 0x7fff_ffff;
/** xid to credential length: with this many bytes captured every message is judged. */
export const HEAD_LENGTH = 32;

const CALL_LENGTH_MIN = 40;
const DENIED_AUTH_LENGTH = 20;
const DENIED_VERSION_LENGTH = 24;
const ACCEPTED_LENGTH_MIN = 24;
/** xid, msg_type, reply_stat, flavor and length of the verifier, accept_stat. */
const REPLY_HEAD_LENGTH = 24;
/** Highest auth_stat in use (RPCSEC_GSS_CTXPROBLEM). */
const AUTH_STAT_MAX = 14;
const PLAUSIBLE_RPC_VERSION_MAX = 10;
/** Pseudo-flavors and vendor flavors (AUTH_LOOPBACK 300001, krb5 390003 ...). RFC 5531 §8.2. */
const VENDOR_FLAVOR_FIRST = 200_000;
const VENDOR_FLAVOR_LAST = 400_099;

export interface HeadChecks {
  plausibleCall(program: number, version: number, procedure: number): boolean;
  /** Absent: every reply is weak. */
  knowsXid?: ((xid: number) => boolean) | undefined;
}

/**
 * Judges the message at `bytes[at, end)`, of which `length` bytes are announced by its record mark
 * (LENGTH_UNKNOWN when more fragments follow).
 */
export function judgeHead(
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  checks: HeadChecks,
): Plausibility {
  if (length < MESSAGE_LENGTH_MIN) return NO;
  const left = end - at;
  if (left < 8) return MORE;
  const type = u32(bytes, at + 4);
  if (type === CALL) return judgeCall(bytes, at, left, length, checks);
  return type === REPLY ? judgeReply(bytes, at, left, length, checks) : NO;
}

function judgeCall(bytes: Uint8Array, at: number, left: number, length: number, checks: HeadChecks): Plausibility {
  if (length < CALL_LENGTH_MIN) return NO;
  if (left < 12) return MORE;
  if (u32(bytes, at + 8) !== RPC_VERSION) return NO;
  if (left < HEAD_LENGTH) return MORE;
  if (!checks.plausibleCall(u32(bytes, at + 12), u32(bytes, at + 16), u32(bytes, at + 20))) return NO;
  if (!isPlausibleFlavor(u32(bytes, at + 24))) return NO;
  const credLength = u32(bytes, at + 28);
  if (credLength > AUTH_BODY_MAX || CALL_LENGTH_MIN + padded(credLength) > length) return NO;
  return STRONG;
}

function judgeReply(bytes: Uint8Array, at: number, left: number, length: number, checks: HeadChecks): Plausibility {
  if (left < 12) return MORE;
  const replyStat = u32(bytes, at + 8);
  if (replyStat > MSG_DENIED) return NO;
  if (left < (replyStat === MSG_ACCEPTED ? REPLY_HEAD_LENGTH : DENIED_AUTH_LENGTH)) return MORE;
  const plausible =
    replyStat === MSG_ACCEPTED
      ? isPlausibleAccepted(bytes, at, left, length)
      : isPlausibleDenied(bytes, at, left, length);
  if (!plausible) return NO;
  return checks.knowsXid?.(u32(bytes, at)) ? STRONG : WEAK;
}

function isPlausibleAccepted(bytes: Uint8Array, at: number, left: number, length: number): boolean {
  if (!isPlausibleFlavor(u32(bytes, at + 12))) return false;
  const verfLength = u32(bytes, at + 16);
  if (verfLength > AUTH_BODY_MAX || ACCEPTED_LENGTH_MIN + padded(verfLength) > length) return false;
  const stat = 20 + padded(verfLength);
  return left < stat + 4 || u32(bytes, at + stat) <= SYSTEM_ERR;
}

/** A denied reply has one of two exact sizes. */
function isPlausibleDenied(bytes: Uint8Array, at: number, left: number, length: number): boolean {
  const rejectStat = u32(bytes, at + 12);
  const word = u32(bytes, at + 16);
  if (rejectStat === AUTH_ERROR) return word <= AUTH_STAT_MAX && isLength(length, DENIED_AUTH_LENGTH);
  if (rejectStat > AUTH_ERROR || word > PLAUSIBLE_RPC_VERSION_MAX || !isLength(length, DENIED_VERSION_LENGTH))
    return false;
  return left < DENIED_VERSION_LENGTH || u32(bytes, at + 20) <= PLAUSIBLE_RPC_VERSION_MAX;
}

function isLength(length: number, expected: number): boolean {
  return length === expected || length === LENGTH_UNKNOWN;
}

function isPlausibleFlavor(flavor: number): boolean {
  return flavor <= AUTH_TLS || (flavor >= VENDOR_FLAVOR_FIRST && flavor <= VENDOR_FLAVOR_LAST);
}
