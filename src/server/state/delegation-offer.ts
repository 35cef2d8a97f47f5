import {
  open_claim_type4,
  open_delegation_type4,
  type open_delegation4,
  why_no_delegation4,
} from "../../nfs4/open-delegation.ts";
import type { OPEN4args } from "../../nfs4/ops/open.ts";
import type { CompoundContext } from "../context.ts";
import type { Inode } from "../fs/inode.ts";
import type { Creator } from "./callbacks.ts";
import { SHARE_WRITE, type Share } from "./share-reservations.ts";
import { type DelegationState, stateidOf } from "./state.ts";

const { OPEN_DELEGATE_NONE, OPEN_DELEGATE_READ, OPEN_DELEGATE_NONE_EXT } = open_delegation_type4.table as Record<
  "OPEN_DELEGATE_NONE" | "OPEN_DELEGATE_READ" | "OPEN_DELEGATE_NONE_EXT",
  number
>;
const { WND4_NOT_WANTED, WND4_CONTENTION, WND4_RESOURCE, WND4_WRITE_DELEG_NOT_SUPP_FTYPE, WND4_CANCELLED } =
  why_no_delegation4.table as Record<
    "WND4_NOT_WANTED" | "WND4_CONTENTION" | "WND4_RESOURCE" | "WND4_WRITE_DELEG_NOT_SUPP_FTYPE" | "WND4_CANCELLED",
    number
  >;
const { CLAIM_NULL, CLAIM_PREVIOUS, CLAIM_FH } = open_claim_type4.table as Record<
  "CLAIM_NULL" | "CLAIM_PREVIOUS" | "CLAIM_FH",
  number
>;

/** The wish in share_access: OPEN4_SHARE_ACCESS_WANT_…_DELEG. RFC 8881 §18.16.1 */
const WANT_MASK = 0xff00;
const WANT_NO_PREFERENCE = 0x0000;
const WANT_WRITE_DELEG = 0x0200;
const WANT_NO_DELEG = 0x0400;
const WANT_CANCEL = 0x0500;
/** Besides, being told when what was wished for can be had; nobody is. */
const WANT_LATER_BITS = 0x3_0000;

/** What share_access may have besides the access. */
export const WANT_BITS = WANT_MASK | WANT_LATER_BITS;

/** True for a wish that there is. */
export function isWant(shareAccess: number): boolean {
  return (shareAccess & WANT_MASK) <= WANT_CANCEL;
}

/** Promises nobody anything: clients ask ACCESS for each of their users. RFC 8881 §18.16.3 */
const PERMISSIONS = { type: 0, flag: 0, access_mask: 0, who: "EVERYONE@" };
const NONE: open_delegation4 = { delegation_type: OPEN_DELEGATE_NONE };

/** The delegation that goes with an OPEN, or why there is none for a client that has a wish. RFC 8881 §10.4, §18.16.3 */
export function offerDelegation(
  context: CompoundContext,
  inode: Inode,
  share: Share,
  { share_access, claim }: OPEN4args,
): open_delegation4 {
  const { delegations } = context.services.states;
  const created = creatorOf(context);
  if (claim.claim === CLAIM_PREVIOUS) {
    const isReclaimed = claim.delegate_type === OPEN_DELEGATE_READ;
    return isReclaimed ? read(delegations.reclaim(context.client, inode, created)) : NONE;
  }
  const want = share_access & WANT_MASK;
  if (want === WANT_NO_DELEG) return noneBecause(WND4_NOT_WANTED);
  if (want === WANT_CANCEL) return noneBecause(WND4_CANCELLED);
  if (want === WANT_WRITE_DELEG) return noneBecause(WND4_WRITE_DELEG_NOT_SUPP_FTYPE);
  const isOrdinary = claim.claim === CLAIM_NULL || claim.claim === CLAIM_FH;
  const isReading = (share.access & SHARE_WRITE) === 0;
  const granted = isOrdinary && isReading ? delegations.grant(context.client, inode, created) : "contention";
  if (typeof granted !== "string") return read(granted);
  if (want === WANT_NO_PREFERENCE) return NONE;
  return noneBecause(granted === "contention" ? WND4_CONTENTION : WND4_RESOURCE);
}

function creatorOf({ sequence }: CompoundContext): Creator | null {
  return sequence && { sessionId: sequence.session.model.record.id, slotId: sequence.slotId, seq: sequence.seq };
}

function read(delegation: DelegationState): open_delegation4 {
  const body = { stateid: stateidOf(delegation), recall: delegation.isRecalled, permissions: PERMISSIONS };
  return { delegation_type: OPEN_DELEGATE_READ, read: body };
}

function noneBecause(why: number): open_delegation4 {
  const later = {
    ...(why === WND4_CONTENTION ? { ond_server_will_push_deleg: false } : {}),
    ...(why === WND4_RESOURCE ? { ond_server_will_signal_avail: false } : {}),
  };
  return { delegation_type: OPEN_DELEGATE_NONE_EXT, od_whynone: { ond_why: why, ...later } };
}
