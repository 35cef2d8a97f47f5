import { NFS4_OK, NFS4ERR_INVAL, NFS4ERR_NOTSUPP, NFS4ERR_SHARE_DENIED } from "../../nfs4/constants.ts";
import { open_claim_type4 } from "../../nfs4/open-delegation.ts";
import {
  CLOSE4args,
  CLOSE4res,
  OPEN_DOWNGRADE4args,
  OPEN_DOWNGRADE4res,
  OPEN4args,
  OPEN4res,
  opentype4,
} from "../../nfs4/ops/open.ts";
import type { change_info4 } from "../../nfs4/types.ts";
import type { CompoundContext } from "../context.ts";
import { MAY, requirePermission } from "../fs/access.ts";
import type { Inode } from "../fs/inode.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { offerDelegation } from "../state/delegation-offer.ts";
import { SHARE_BOTH, SHARE_READ, SHARE_WRITE, type Share } from "../state/share-reservations.ts";
import { advance, stateidOf } from "../state/state.ts";
import { createOrFind } from "./open-create.ts";

const { CLAIM_NULL, CLAIM_PREVIOUS, CLAIM_DELEGATE_CUR, CLAIM_FH, CLAIM_DELEG_CUR_FH } =
  open_claim_type4.table as Record<string, number>;
const { OPEN4_CREATE } = opentype4.table as Record<"OPEN4_CREATE", number>;

/** OPEN4_RESULT_LOCKTYPE_POSIX: byte-range locks are those of POSIX. */
const LOCKTYPE_POSIX = 4;
/** What share_access may have besides the access: wishes about delegations. RFC 8881 §18.16.3 */
const WANT_BITS = 0x3_ff00;
const NO_CHANGE: change_info4 = { atomic: false, before: 0n, after: 0n };

/** A file to be opened, and what finding or making it did. */
export interface OpenTarget {
  readonly inode: Inode;
  readonly change: change_info4;
  /** Attributes that were set. */
  readonly attrset: number[];
  readonly isCreated: boolean;
}

function open(context: CompoundContext, args: OPEN4args): MaybePromise<OPEN4res> {
  const share = shareOf(args);
  requireClaimAllowed(context, args);
  const target = targetOf(context, args);
  const { inode } = target;
  // Whoever may make a file may open it, whatever its mode says.
  if (!target.isCreated) requirePermission(inode, context.user, permissionFor(share));
  void inode.data;
  const wants = (share.access & SHARE_WRITE) !== 0 || (share.deny & SHARE_READ) !== 0;
  const wait = wants ? context.services.states.yieldDelegations(context, inode) : undefined;
  return wait === undefined
    ? finish(context, args, share, target)
    : wait.then(() => finish(context, args, share, target));
}

function finish(context: CompoundContext, args: OPEN4args, share: Share, target: OpenTarget): OPEN4res {
  const { states } = context.services;
  const { client } = context;
  const { inode, change, attrset } = target;
  const owner = ownerKey(args.owner.owner);
  const own = states.openOf(client, owner, inode);
  if (states.isShareDenied(inode, share, own)) refuse(NFS4ERR_SHARE_DENIED);
  const state = states.open(client, owner, inode, share);
  context.setCurrent(inode);
  context.currentStateid = stateidOf(state);
  const delegation = offerDelegation(context, inode, share, args);
  const resok4 = { stateid: stateidOf(state), cinfo: change, rflags: LOCKTYPE_POSIX, attrset, delegation };
  return { status: NFS4_OK, resok4 };
}

function shareOf({ share_access, share_deny }: Pick<OPEN4args, "share_access" | "share_deny">): Share {
  const access = share_access & SHARE_BOTH;
  const isUnknown = (share_access & ~(SHARE_BOTH | WANT_BITS)) !== 0 || share_deny > SHARE_BOTH;
  return access === 0 || isUnknown ? refuse(NFS4ERR_INVAL) : { access, deny: share_deny };
}

function permissionFor({ access }: Share): number {
  return ((access & SHARE_READ) === 0 ? 0 : MAY.read) | ((access & SHARE_WRITE) === 0 ? 0 : MAY.write);
}

/** Reclaims have their time, and everything else another. RFC 8881 §8.4.2, §18.51.3 */
function requireClaimAllowed({ services, client }: CompoundContext, { claim, openhow }: OPEN4args): void {
  const { grace, timers } = services;
  const now = timers.nowNanos();
  const isReclaim = claim.claim === CLAIM_PREVIOUS;
  const status = isReclaim ? grace.statusOfReclaim(client, now) : grace.statusOfNew(client, now);
  if (status !== NFS4_OK) refuse(status);
  // Only a name can be made.
  if (openhow.opentype === OPEN4_CREATE && claim.claim !== CLAIM_NULL) refuse(NFS4ERR_INVAL);
}

function targetOf(context: CompoundContext, args: OPEN4args): OpenTarget {
  const { claim } = args;
  const { states, fileSystem } = context.services;
  switch (claim.claim) {
    case CLAIM_NULL:
      return createOrFind(context, args, claim.file ?? "");
    case CLAIM_DELEGATE_CUR: {
      const { delegate_stateid, file } = claim.delegate_cur_info ?? refuse(NFS4ERR_INVAL);
      states.resolve(context, delegate_stateid);
      return found(fileSystem.lookup(context.current, file));
    }
    case CLAIM_DELEG_CUR_FH:
      states.resolve(context, claim.oc_delegate_stateid ?? refuse(NFS4ERR_INVAL));
      return found(context.current);
    case CLAIM_FH:
    case CLAIM_PREVIOUS:
      return found(context.current);
    default:
      // Delegations do not survive their client here.
      return refuse(NFS4ERR_NOTSUPP);
  }
}

function found(inode: Inode): OpenTarget {
  return { inode, change: NO_CHANGE, attrset: [], isCreated: false };
}

/** An owner as a key of tables. */
export function ownerKey(owner: Uint8Array): string {
  return Buffer.from(owner.buffer, owner.byteOffset, owner.length).toString("latin1");
}

/** Opening and closing files. */
export const openHandlers = [
  handler("OPEN", OPEN4args, OPEN4res, open),
  handler("CLOSE", CLOSE4args, CLOSE4res, (context, { open_stateid }) => {
    const { states } = context.services;
    const state = states.resolveAs(context, open_stateid, "open");
    return { status: NFS4_OK, open_stateid: states.close(state) };
  }),
  handler("OPEN_DOWNGRADE", OPEN_DOWNGRADE4args, OPEN_DOWNGRADE4res, (context, args) => {
    const state = context.services.states.resolveAs(context, args.open_stateid, "open");
    const share = shareOf(args);
    // It must be something that some OPEN of this owner asked for. §18.18.3
    if ((share.access & ~state.access) !== 0 || (share.deny & ~state.deny) !== 0) refuse(NFS4ERR_INVAL);
    state.access = share.access;
    state.deny = share.deny;
    const open_stateid = advance(state);
    context.currentStateid = open_stateid;
    return { status: NFS4_OK, resok4: { open_stateid } };
  }),
];
