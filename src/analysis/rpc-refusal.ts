import { ACCEPT_STAT_NAMES, AUTH_ERROR, authStatName, MSG_ACCEPTED, SUCCESS } from "../rpc/constants.ts";
import type { RpcHeader } from "../rpc/message.ts";
import type { Call } from "../session/call.ts";
import type { RpcRefusal } from "../session/facts.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { Sighting } from "../session/sighting.ts";

const RPC_MISMATCH = "RPC_MISMATCH";

/** Why the RPC layer refused the call; null when it did not. */
export function rpcRefusal({ replyStat, rejectStat, authStat, acceptStat }: RpcHeader): string | null {
  if (replyStat !== MSG_ACCEPTED) return rejectStat === AUTH_ERROR ? authStatName(authStat) : RPC_MISMATCH;
  return acceptStat === SUCCESS ? null : (ACCEPT_STAT_NAMES[acceptStat] ?? String(acceptStat));
}

export function refusalOf(
  connection: ObservedConnection,
  call: Call | null,
  called: Sighting | null,
  error: string,
  { capture, frame, at }: Sighting,
): RpcRefusal {
  const isAuthError = error !== RPC_MISMATCH && !ACCEPT_STAT_NAMES.includes(error);
  return { connection, call, called, error, isAuthError, reply: { capture, frame, at } };
}
