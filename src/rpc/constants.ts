/** Numbers of ONC RPC version 2. RFC 5531 §9, RFC 2203 §3-4, RFC 5403 §3.2, RFC 9289 §7.1. */

export const RPC_VERSION = 2;

/** msg_type */
export const CALL = 0;
export const REPLY = 1;

/** reply_stat */
export const MSG_ACCEPTED = 0;
export const MSG_DENIED = 1;

/** accept_stat */
export const SUCCESS = 0;
export const PROG_UNAVAIL = 1;
export const PROG_MISMATCH = 2;
export const PROC_UNAVAIL = 3;
export const GARBAGE_ARGS = 4;
export const SYSTEM_ERR = 5;

/** reject_stat */
export const RPC_MISMATCH = 0;
export const AUTH_ERROR = 1;

/** auth_flavor */
export const AUTH_NONE = 0;
export const AUTH_SYS = 1;
export const AUTH_SHORT = 2;
export const AUTH_DH = 3;
export const RPCSEC_GSS = 6;
export const AUTH_TLS = 7;

/** An auth body holds at most 400 bytes. RFC 5531 §8.2. */
export const AUTH_BODY_MAX = 400;

/** Names of accept_stat, for reports. */
export const ACCEPT_STAT_NAMES: readonly string[] = [
  "SUCCESS",
  "PROG_UNAVAIL",
  "PROG_MISMATCH",
  "PROC_UNAVAIL",
  "GARBAGE_ARGS",
  "SYSTEM_ERR",
];

const AUTH_STAT_NAMES: readonly string[] = [
  "AUTH_OK",
  "AUTH_BADCRED",
  "AUTH_REJECTEDCRED",
  "AUTH_BADVERF",
  "AUTH_REJECTEDVERF",
  "AUTH_TOOWEAK",
  "AUTH_INVALIDRESP",
  "AUTH_FAILED",
  "AUTH_KERB_GENERIC",
  "AUTH_TIMEEXPIRE",
  "AUTH_TKT_FILE",
  "AUTH_DECODE",
  "AUTH_NET_ADDR",
  "RPCSEC_GSS_CREDPROBLEM",
  "RPCSEC_GSS_CTXPROBLEM",
];

/** Name of an auth_stat, its number when nobody assigned it one. */
export function authStatName(authStat: number): string {
  return AUTH_STAT_NAMES[authStat] ?? String(authStat);
}
