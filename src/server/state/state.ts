import type { stateid4 } from "../../nfs4/types.ts";
import type { Inode } from "../fs/inode.ts";
import type { ServedClient } from "../served-client.ts";
import type { Creator } from "./callbacks.ts";
import type { SharesAsked } from "./share-reservations.ts";

interface StateCommon {
  /** Tells it from all state of the server instance; it is in `other`. */
  readonly number: number;
  readonly other: Uint8Array;
  /** Counts the changes, from 1. RFC 8881 §8.2.2 */
  seqid: number;
  readonly client: ServedClient;
  readonly inode: Inode;
}

/** A file opened by an open owner. */
export interface OpenState extends StateCommon {
  readonly kind: "open";
  readonly owner: string;
  /** Bits of OPEN4_SHARE_ACCESS_BOTH and OPEN4_SHARE_DENY_BOTH. */
  access: number;
  deny: number;
  /** What it can be downgraded to is made of these. RFC 8881 §18.18.3 */
  accessAsked: SharesAsked;
  denyAsked: SharesAsked;
  /** What lock owners have taken under it, and lose with it. */
  readonly locks: Set<LockState>;
}

/** The byte-range locks of a lock owner on a file. */
export interface LockState extends StateCommon {
  readonly kind: "lock";
  readonly owner: string;
  /** The open that the locks were taken under. */
  readonly open: OpenState;
}

/** A read delegation. */
export interface DelegationState extends StateCommon {
  readonly kind: "delegation";
  readonly created: Creator | null;
  isRecalled: boolean;
  /** It was not returned in time: only FREE_STATEID is left to the client. */
  isRevoked: boolean;
}

export type State = OpenState | LockState | DelegationState;

/** The stateid as the client knows it. */
export function stateidOf({ seqid, other }: State): stateid4 {
  return { seqid, other };
}

/** Counts a change. After 0xffffffff comes 1: 0 means "the latest". RFC 8881 §8.2.2 */
export function advance(state: State): stateid4 {
  state.seqid = state.seqid === 0xffff_ffff ? 1 : state.seqid + 1;
  return stateidOf(state);
}
