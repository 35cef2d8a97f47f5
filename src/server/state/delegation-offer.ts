import {
  open_claim_type4,
  open_delegation_type4,
  type open_delegation4,
  why_no_delegation4,
} from "../../nfs4/open-delegation.ts";
import type { OPEN4args } from "../../nfs4/ops/open.ts";
import type { CompoundContext } from "../context.ts";
import type { Inode } from "../fs/inode.ts";
import { SHARE_BOTH, SHARE_READ, type Share } from "./share-reservations.ts";
import { stateidOf } from "./state.ts";

const { OPEN_DELEGATE_NONE, OPEN_DELEGATE_READ, OPEN_DELEGATE_NONE_EXT } = open_delegation_type4.table as Record<
  string,
  number
>;
const { WND4_NOT_WANTED, WND4_CONTENTION } = why_no_delegation4.table as Record<string, number>;
const { CLAIM_NULL, CLAIM_FH } = open_claim_type4.table as Record<string, number>;

/** What share_access says of delegations: OPEN4_SHARE_ACCESS_WANT_… RFC 8881 §18.16.1 */
const WANT_MASK = 0xff00;
const WANT_NO_PREFERENCE = 0x0000;
const WANT_NO_DELEG = 0x0400;
const WANT_CANCEL = 0x0500;

/** ACE4_READ_DATA for the owner of the delegation: the client asks ACCESS for anybody else. RFC 8881 §18.16.3 */
const PERMISSIONS = { type: 0, flag: 0, access_mask: 1, who: "EVERYONE@" };
const NONE: open_delegation4 = { delegation_type: OPEN_DELEGATE_NONE as number };

/** The delegation that goes with an OPEN, or why there is none for a client that has a wish. RFC 8881 §10.4, §18.16.3 */
export function offerDelegation(
  context: CompoundContext,
  inode: Inode,
  share: Share,
  args: OPEN4args,
): open_delegation4 {
  const want = args.share_access & WANT_MASK;
  if (want === WANT_NO_DELEG || want === WANT_CANCEL) return none(WND4_NOT_WANTED as number);
  const isOrdinary = args.claim.claim === CLAIM_NULL || args.claim.claim === CLAIM_FH;
  const isReading = (share.access & SHARE_BOTH) === SHARE_READ;
  const { sequence, services, client } = context;
  if (isOrdinary && isReading && sequence !== null) {
    const created = { sessionId: sequence.session.model.record.id, slotId: sequence.slotId, seq: sequence.seq };
    const delegation = services.states.delegations.grant(client, inode, created);
    if (delegation !== null) {
      const read = { stateid: stateidOf(delegation), recall: false, permissions: PERMISSIONS };
      return { delegation_type: OPEN_DELEGATE_READ as number, read };
    }
  }
  return want === WANT_NO_PREFERENCE ? NONE : none(WND4_CONTENTION as number);
}

function none(why: number): open_delegation4 {
  const isContended = why === WND4_CONTENTION;
  const od_whynone = { ond_why: why, ...(isContended ? { ond_server_will_push_deleg: false } : {}) };
  return { delegation_type: OPEN_DELEGATE_NONE_EXT as number, od_whynone };
}
