/** RPCSEC_GSS: credentials, and where arguments and results are under its services. RFC 2203, RFC 5403, RFC 7861. */
import { padded, u32 } from "./u32.ts";

/** rpc_gss_proc_t; RPCSEC_GSS_CREATE and _LIST came with version 3 (RFC 7861 §2.7). */
export const RPCSEC_GSS_DATA = 0;
export const RPCSEC_GSS_INIT = 1;
export const RPCSEC_GSS_CONTINUE_INIT = 2;
export const RPCSEC_GSS_DESTROY = 3;
export const RPCSEC_GSS_BIND_CHANNEL = 4;
export const RPCSEC_GSS_CREATE = 5;
export const RPCSEC_GSS_LIST = 6;

/** rpc_gss_service_t; the last came with version 2 (RFC 5403 §3.2). */
export const RPC_GSS_SVC_NONE = 1;
export const RPC_GSS_SVC_INTEGRITY = 2;
export const RPC_GSS_SVC_PRIVACY = 3;
export const RPC_GSS_SVC_CHANNEL_PROT = 4;

const VERSION_MAX = 3;
/** GSS_S_COMPLETE and GSS_S_CONTINUE_NEEDED. RFC 2203 appendix A. */
export const GSS_S_COMPLETE = 0;
export const GSS_S_CONTINUE_NEEDED = 1;

/** rpc_gss_cred_t, filled again and again. */
export class GssCred {
  version = 0;
  /** One of the RPCSEC_GSS_ numbers. */
  procedure = 0;
  sequence = 0;
  /** One of the RPC_GSS_SVC_ numbers; undefined by the RFC (ignore it) in context creation. */
  service = 0;
  handleStart = 0;
  handleLength = 0;
}

/** Reads the credential body `bytes[start, end)`; false when it is none of version 1, 2 or 3, or does not add up. */
export function parseGssCred(bytes: Uint8Array, start: number, end: number, into: GssCred): boolean {
  if (end - start < 20) return false;
  const version = u32(bytes, start);
  if (version < 1 || version > VERSION_MAX) return false;
  const procedure = u32(bytes, start + 4);
  const service = u32(bytes, start + 12);
  if (procedure > RPCSEC_GSS_LIST) return false;
  if (procedure === RPCSEC_GSS_DATA && (service < RPC_GSS_SVC_NONE || service > RPC_GSS_SVC_CHANNEL_PROT)) return false;
  const handleLength = u32(bytes, start + 16);
  if (handleLength > end - start - 20 || padded(handleLength) !== end - start - 20) return false;
  into.version = version;
  into.procedure = procedure;
  into.sequence = u32(bytes, start + 8);
  into.service = service;
  into.handleStart = start + 20;
  into.handleLength = handleLength;
  return true;
}

/** Control calls create, change or destroy contexts: NULL-procedure calls with data, not calls of the program. */
export function isGssControl(cred: GssCred): boolean {
  return cred.procedure !== RPCSEC_GSS_DATA;
}

/** Where arguments or results are. `opaque`: encrypted, or not to be understood; then `[start, end)` is that whole body. */
export class GssBody {
  kind: "clear" | "integrity" | "opaque" = "opaque";
  start = 0;
  end = 0;
  /** seq_num of an integrity body, which must be that of the call's credential (RFC 2203 §5.3.2.2). */
  sequence = 0;
  /** False when the bytes end before the body does. */
  isComplete = true;
}

/**
 * Locates the arguments (or the results of an accepted SUCCESS) of a data message in `bytes[start, end)`, of which
 * `elidedLength` bytes were left out at `elidedAt`. Replies do not name their service: it is that of their call.
 */
export function gssBody(
  service: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  elidedAt: number,
  elidedLength: number,
  into: GssBody,
): void {
  into.kind = "opaque";
  into.start = start;
  into.end = end;
  into.sequence = 0;
  into.isComplete = true;
  // Channel protection leaves all to the secure channel below, so the body is as with no service. RFC 5403 §3.4.
  if (service === RPC_GSS_SVC_NONE || service === RPC_GSS_SVC_CHANNEL_PROT) into.kind = "clear";
  else if (service === RPC_GSS_SVC_INTEGRITY) integrityBody(bytes, start, end, elidedAt, elidedLength, into);
}

/** `opaque databody_integ<>` holding seq_num and the arguments, then `opaque checksum<>`. RFC 2203 §5.3.2.2. */
function integrityBody(
  bytes: Uint8Array,
  start: number,
  end: number,
  elidedAt: number,
  elidedLength: number,
  into: GssBody,
): void {
  if (end - start < 8) return;
  const length = u32(bytes, start);
  if (length < 4) return;
  // Logical end; the hole is within the body if it begins before that.
  const logicalEnd = start + 4 + length;
  const isHoleWithin = elidedLength > 0 && elidedAt >= start + 8 && elidedAt < logicalEnd;
  const bodyEnd = isHoleWithin ? logicalEnd - elidedLength : logicalEnd;
  if (isHoleWithin && bodyEnd < elidedAt) return;
  into.kind = "integrity";
  into.sequence = u32(bytes, start + 4);
  into.start = start + 8;
  into.isComplete = bodyEnd <= end;
  into.end = Math.min(bodyEnd, end);
}

/** rpc_gss_init_res: the answer to context creation. RFC 2203 §5.2.3.1. */
export class GssInitResult {
  handleStart = 0;
  handleLength = 0;
  major = 0;
  minor = 0;
  window = 0;
}

/** Reads the results of an INIT or CONTINUE_INIT; false when the bytes end too early. The token is not looked at. */
export function parseGssInitResult(bytes: Uint8Array, start: number, end: number, into: GssInitResult): boolean {
  if (end - start < 16) return false;
  const handleLength = u32(bytes, start);
  if (handleLength > end - start - 16) return false;
  const at = start + 4 + padded(handleLength);
  if (end - at < 12) return false;
  into.handleStart = start + 4;
  into.handleLength = handleLength;
  into.major = u32(bytes, at);
  into.minor = u32(bytes, at + 4);
  into.window = u32(bytes, at + 8);
  return true;
}
