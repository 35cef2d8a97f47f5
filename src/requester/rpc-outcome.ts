import { ACCEPT_STAT_NAMES, AUTH_ERROR, authStatName, MSG_ACCEPTED, PROG_MISMATCH } from "../rpc/constants.ts";
import type { RpcHeader } from "../rpc/message.ts";

/** How a call ended. */
export type RpcOutcome =
  /** An accepted reply with SUCCESS; its results start at `bodyStart` of the record. */
  | { readonly kind: "reply"; readonly record: Uint8Array; readonly bodyStart: number }
  /** RPC itself said no: nothing was executed. */
  | RpcRefusal
  /** The connection ended first. */
  | { readonly kind: "lost"; readonly why: string }
  /** Nothing came in time. */
  | { readonly kind: "timeout" }
  /** The caller called it off. */
  | { readonly kind: "cancelled" };

/** A reply that carries no results. RFC 5531 §9 */
export interface RpcRefusal {
  readonly kind: "refused";
  /** -1 when the reply was denied. */
  readonly acceptStat: number;
  /** -1 unless the credential was refused. */
  readonly authStat: number;
  /** Supported versions, of PROG_MISMATCH and RPC_MISMATCH. */
  readonly versions: { readonly low: number; readonly high: number } | null;
  /** `GARBAGE_ARGS`, `AUTH_ERROR AUTH_TOOWEAK` */
  readonly text: string;
}

/** The refusal that a reply's header tells of. */
export function refusalOf(header: RpcHeader): RpcRefusal {
  const { acceptStat, rejectStat, authStat } = header;
  const isMismatch = acceptStat === PROG_MISMATCH || (header.replyStat !== MSG_ACCEPTED && rejectStat !== AUTH_ERROR);
  const versions = isMismatch ? { low: header.mismatchLow, high: header.mismatchHigh } : null;
  return { kind: "refused", acceptStat, authStat, versions, text: refusalText(header) };
}

function refusalText({ replyStat, acceptStat, rejectStat, authStat, mismatchLow, mismatchHigh }: RpcHeader): string {
  const range = `(${mismatchLow} to ${mismatchHigh} are supported)`;
  if (replyStat === MSG_ACCEPTED) {
    const name = ACCEPT_STAT_NAMES[acceptStat] ?? `accept_stat ${acceptStat}`;
    return acceptStat === PROG_MISMATCH ? `${name} ${range}` : name;
  }
  return rejectStat === AUTH_ERROR ? `AUTH_ERROR ${authStatName(authStat)}` : `RPC_MISMATCH ${range}`;
}

/** What happened instead of a reply, in words. */
export function outcomeText(outcome: Exclude<RpcOutcome, { kind: "reply" }>): string {
  switch (outcome.kind) {
    case "refused":
      return `RPC ${outcome.text}`;
    case "lost":
      return `connection lost: ${outcome.why}`;
    case "timeout":
      return "no reply in time";
    default:
      return "called off";
  }
}
