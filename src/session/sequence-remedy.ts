import {
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADSLOT,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DEADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../nfs4/constants.ts";

/** What a requester does after a reply to SEQUENCE or CB_SEQUENCE. */
export type SequenceRemedy =
  /** The request counted. */
  | "done"
  /** Send the same request again: same slot, same sequence id, any xid; sa_highest_slotid is computed anew. */
  | "resend"
  /** Bind the connection (or take another one), then as `resend`. */
  | "bind"
  /** The request did not count and would not if it were repeated; the slot is free, for the same sequence id. */
  | "drop"
  /** The slot is gone; the request did not count and may go to a lower slot. */
  | "other-slot"
  /**
   * The slot is gone, and an earlier transmission may have been executed. A replier that keeps slots until the requester
   * has given them up (SHOULD, RFC 8881 §2.10.6.1) did not execute it; whether to rely on that is the caller's choice.
   */
  | "unsure"
  /** Requester and replier disagree about the slot: it cannot be used any more. */
  | "lost"
  /** Whether the request counted is unknown: send a lone SEQUENCE with its slot and sequence id. */
  | "probe"
  /** The session is gone: make another one. */
  | "new-session"
  /** No such request is waiting. */
  | "ignore";

/**
 * The remedy for a failed SEQUENCE. `isFirst`: the request was transmitted once, so that a failure proves that it was
 * not executed; after a retry an earlier transmission may have been, and only an answer about that one settles it.
 */
export function sequenceRemedy(status: number, isFirst: boolean): SequenceRemedy {
  switch (status) {
    case NFS4ERR_DELAY:
    // The slot is as it was; sa_highest_slotid is what has to change.
    case NFS4ERR_BAD_HIGH_SLOT:
      return "resend";
    case NFS4ERR_CONN_NOT_BOUND_TO_SESSION:
      return "bind";
    case NFS4ERR_BADSESSION:
    case NFS4ERR_DEADSESSION:
      return "new-session";
    case NFS4ERR_SEQ_MISORDERED:
      // To a retry it may mean that the original still runs. RFC 8881 §2.10.6.2, last paragraph
      return isFirst ? "lost" : "resend";
    case NFS4ERR_SEQ_FALSE_RETRY:
      return "lost";
    case NFS4ERR_BADSLOT:
      return isFirst ? "other-slot" : "unsure";
    default:
      return isFirst ? "drop" : "lost";
  }
}
