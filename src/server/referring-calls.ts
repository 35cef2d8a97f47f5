import type { CB_SEQUENCE4args } from "../nfs4/ops/callback-session.ts";
import type { ServedSession } from "./served-session.ts";

type ReferringCallLists = CB_SEQUENCE4args["csa_referring_call_lists"];

export const NO_REFERRING_CALLS: ReferringCallLists = [];

/** A request whose reply made what a callback is about. */
export interface ReferringCall {
  readonly session: ServedSession;
  readonly slotId: number;
  readonly seq: number;
}

/**
 * Names the request to the client unless it has surely seen the reply, which a newer request on the slot proves: the
 * callback may have overtaken it. RFC 8881 §2.10.6.3
 */
export function referringLists({ session, slotId, seq }: ReferringCall): ReferringCallLists {
  const isAcknowledged = session.model.fore.slot(slotId)?.lastSeq !== seq;
  if (isAcknowledged) return NO_REFERRING_CALLS;
  const call = { rc_sequenceid: seq, rc_slotid: slotId };
  return [{ rcl_sessionid: session.model.record.id, rcl_referring_calls: [call] }];
}
