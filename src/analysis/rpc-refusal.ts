import { ACCEPT_STAT_NAMES, AUTH_ERROR, authStatName, MSG_ACCEPTED, SUCCESS } from "../rpc/constants.ts";
import type { RpcHeader } from "../rpc/message.ts";

/** Why the RPC layer refused the call that this reply answers; null if it did not. */
export function rpcRefusal({ replyStat, rejectStat, authStat, acceptStat }: RpcHeader): string | null {
  if (replyStat !== MSG_ACCEPTED) return rejectStat === AUTH_ERROR ? authStatName(authStat) : "RPC_MISMATCH";
  return acceptStat === SUCCESS ? null : (ACCEPT_STAT_NAMES[acceptStat] ?? String(acceptStat));
}
