import {
  NFS4_OK,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_INVAL,
  NFS4ERR_NOENT,
  NFS4ERR_RECLAIM_BAD,
  NFS4ERR_RECLAIM_CONFLICT,
  NFS4ERR_SHARE_DENIED,
} from "../../nfs4/constants.ts";
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
import type { change_info4, stateid4 } from "../../nfs4/types.ts";
import type { CompoundContext } from "../context.ts";
import { MAY, requirePermission } from "../fs/access.ts";
import type { Inode } from "../fs/inode.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { isWant, offerDelegation, WANT_BITS } from "../state/delegation-offer.ts";
import { SHARE_BOTH, SHARE_READ, SHARE_WRITE, type Share, sharesWithin, unionOf } from "../state/share-reservations.ts";
import { INVALID } from "../state/special-stateid.ts";
import { advance, type OpenState, stateidOf } from "../state/state.ts";
import { afterYield } from "./after-yield.ts";
import { createOrFind, findFile } from "./open-create.ts";

const { CLAIM_NULL, CLAIM_PREVIOUS, CLAIM_DELEGATE_CUR, CLAIM_FH, CLAIM_DELEG_CUR_FH } =
  open_claim_type4.table as Record<string, number>;
const { OPEN4_CREATE } = opentype4.table as Record<"OPEN4_CREATE", number>;

/** OPEN4_RESULT_LOCKTYPE_POSIX: byte-range locks are those of POSIX. */
const LOCKTYPE_POSIX = 4;
const NO_CHANGE: change_info4 = { atomic: false, before: 0n, after: 0n };

/** A file to be opened, and what finding or making it did. */
export interface OpenTarget {
  readonly inode: Inode;
  readonly change: change_info4;
  /** Attributes that are set. */
  readonly attrset: number[];
  /** Whoever may make a file may open it, whatever its mode says. */
  readonly isCreated: boolean;
  /** It is to be cut off, once it is open. */
  readonly isTruncated: boolean;
}

function open(context: CompoundContext, args: OPEN4args): MaybePromise<OPEN4res> {
  const { user, client, services } = context;
  const { states } = services;
  const share = shareOf(args);
  requireTime(context, args);
  states.table.requireRoom(client);
  const target = targetOf(context, args);
  const { inode, isCreated } = target;
  const allow = () => {
    void inode.data;
    if (!isCreated) requirePermission(inode, user, permissionFor(share));
    if (states.isShareDenied(inode, share)) refuse(isReclaim(args) ? NFS4ERR_RECLAIM_CONFLICT : NFS4ERR_SHARE_DENIED);
  };
  // Who has a read delegation opens for reading unasked.
  const breaksDelegations = (share.access & SHARE_WRITE) !== 0 || (share.deny & SHARE_READ) !== 0;
  return afterYield(context, breaksDelegations ? [inode] : [], () => finish(context, args, share, target), allow);
}

function finish(context: CompoundContext, args: OPEN4args, share: Share, target: OpenTarget): OPEN4res {
  const { client, services } = context;
  const { inode, change, attrset, isTruncated } = target;
  const stateid = stateidOf(services.states.open(client, ownerKey(args.owner.owner), inode, share));
  if (isTruncated && inode.size > 0) {
    inode.data.truncate(0);
    inode.modified(services.fileSystem.now);
  }
  context.setCurrent(inode);
  context.currentStateid = stateid;
  const delegation = offerDelegation(context, inode, share, args);
  return { status: NFS4_OK, resok4: { stateid, cinfo: change, rflags: LOCKTYPE_POSIX, attrset, delegation } };
}

function shareOf({ share_access, share_deny }: Pick<OPEN4args, "share_access" | "share_deny">): Share {
  const access = share_access & SHARE_BOTH;
  const isUnknown = (share_access & ~(SHARE_BOTH | WANT_BITS)) !== 0 || !isWant(share_access);
  return access === 0 || isUnknown || share_deny > SHARE_BOTH ? refuse(NFS4ERR_INVAL) : { access, deny: share_deny };
}

function permissionFor({ access }: Share): number {
  return ((access & SHARE_READ) === 0 ? 0 : MAY.read) | ((access & SHARE_WRITE) === 0 ? 0 : MAY.write);
}

/** Reclaims have their time, and new opens another; what a delegation covers is neither. RFC 8881 §8.4.2, §18.16.3 */
function requireTime({ services, client }: CompoundContext, args: OPEN4args): void {
  const { claim, openhow } = args;
  const { grace, timers } = services;
  const now = timers.nowNanos();
  const isDelegated = claim.claim === CLAIM_DELEGATE_CUR || claim.claim === CLAIM_DELEG_CUR_FH;
  const status = isReclaim(args) ? grace.statusOfReclaim(client, now) : grace.statusOfNew(client, now);
  if (!isDelegated && status !== NFS4_OK) refuse(status);
  // Only a name can be made.
  if (openhow.opentype === OPEN4_CREATE && claim.claim !== CLAIM_NULL) refuse(NFS4ERR_INVAL);
}

function isReclaim({ claim }: OPEN4args): boolean {
  return claim.claim === CLAIM_PREVIOUS;
}

function targetOf(context: CompoundContext, args: OPEN4args): OpenTarget {
  const { claim } = args;
  switch (claim.claim) {
    case CLAIM_NULL:
      return createOrFind(context, args, claim.file ?? "");
    case CLAIM_DELEGATE_CUR: {
      const { delegate_stateid, file } = claim.delegate_cur_info ?? refuse(NFS4ERR_INVAL);
      return delegated(context, delegate_stateid, findFile(context, file) ?? refuse(NFS4ERR_NOENT));
    }
    case CLAIM_DELEG_CUR_FH:
      return delegated(context, claim.oc_delegate_stateid ?? refuse(NFS4ERR_INVAL), context.current);
    case CLAIM_FH:
    case CLAIM_PREVIOUS:
      return asItIs(context.current);
    default:
      // Delegations do not survive their client here, so that it cannot have left any.
      return refuse(NFS4ERR_RECLAIM_BAD);
  }
}

/** The stateid has to be that of a delegation of this very file. */
function delegated(context: CompoundContext, stateid: stateid4, inode: Inode): OpenTarget {
  const { kind, inode: covered } = context.services.states.resolve(context, stateid);
  return kind === "delegation" && covered === inode ? asItIs(inode) : refuse(NFS4ERR_BAD_STATEID);
}

function asItIs(inode: Inode): OpenTarget {
  return { inode, change: NO_CHANGE, attrset: [], isCreated: false, isTruncated: false };
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
    states.close(states.resolveOpen(context, open_stateid));
    context.currentStateid = INVALID;
    return { status: NFS4_OK, open_stateid: INVALID };
  }),
  handler("OPEN_DOWNGRADE", OPEN_DOWNGRADE4args, OPEN_DOWNGRADE4res, (context, args) => {
    const state = context.services.states.resolveOpen(context, args.open_stateid);
    downgrade(state, shareOf(args));
    const open_stateid = advance(state);
    context.currentStateid = open_stateid;
    return { status: NFS4_OK, resok4: { open_stateid } };
  }),
];

/** To what some of the owner's OPENs asked for together, and nothing else. RFC 8881 §18.18.3 */
function downgrade(state: OpenState, { access, deny }: Share): void {
  const accessAsked = sharesWithin(state.accessAsked, access);
  const denyAsked = sharesWithin(state.denyAsked, deny);
  if (unionOf(accessAsked) !== access || unionOf(denyAsked) !== deny) refuse(NFS4ERR_INVAL);
  Object.assign(state, { access, deny, accessAsked, denyAsked });
}
