import * as flag from "../nfs4/constants.ts";

/** A bit of sr_status_flags: what it says, what the client has to do, and what ends it. RFC 8881 §18.46.3 */
export interface StatusFlag {
  readonly bit: number;
  readonly meaning: string;
  readonly duty: string;
  /** It stays set on every reply until this. */
  readonly until: string;
  /** On whose sessions it shows. */
  readonly scope: "client" | "session";
  /** It tells of lost lock state, and may vanish unanswered when the state itself goes away. §18.46.3 paragraph 8 */
  readonly isLockState: boolean;
  /** Operations (numbers) by which the duty can be seen to be done. */
  readonly answeredBy: readonly number[];
}

const FREEING = [flag.OP_TEST_STATEID, flag.OP_FREE_STATEID];

export const STATUS_FLAGS: readonly StatusFlag[] = [
  {
    bit: flag.SEQ4_STATUS_CB_PATH_DOWN,
    meaning: "no back channel works on any session of the client ID",
    duty: "bind a connection to a back channel",
    until: "a back channel is available on any session of the client ID",
    scope: "client",
    isLockState: false,
    answeredBy: [flag.OP_BIND_CONN_TO_SESSION, flag.OP_CREATE_SESSION],
  },
  {
    bit: flag.SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING,
    meaning: "all GSS contexts for callbacks expire within a lease period",
    duty: "send BACKCHANNEL_CTL with new handles",
    until: "a handle that lives longer is there",
    scope: "session",
    isLockState: false,
    answeredBy: [flag.OP_BACKCHANNEL_CTL],
  },
  {
    bit: flag.SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED,
    meaning: "all GSS contexts for callbacks have expired",
    duty: "send BACKCHANNEL_CTL with new handles",
    until: "a live handle is there",
    scope: "session",
    isLockState: false,
    answeredBy: [flag.OP_BACKCHANNEL_CTL],
  },
  {
    bit: flag.SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
    meaning: "the lease ran out and all locks are gone; this SEQUENCE does not renew it",
    duty: "acknowledge with TEST_STATEID and FREE_STATEID, or start with a new client ID",
    until: "every loss is acknowledged or the client is replaced",
    scope: "client",
    isLockState: true,
    answeredBy: [...FREEING, flag.OP_EXCHANGE_ID],
  },
  {
    bit: flag.SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
    meaning: "the lease ran out and some locks are gone",
    duty: "find them with TEST_STATEID and free them with FREE_STATEID",
    until: "all of them are freed",
    scope: "client",
    isLockState: true,
    answeredBy: FREEING,
  },
  {
    bit: flag.SEQ4_STATUS_ADMIN_STATE_REVOKED,
    meaning: "an administrator revoked locks",
    duty: "find them with TEST_STATEID and free them with FREE_STATEID",
    until: "all of them are freed",
    scope: "client",
    isLockState: true,
    answeredBy: FREEING,
  },
  {
    bit: flag.SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
    meaning: "a delegation or layout was revoked because it was not returned",
    duty: "find it with TEST_STATEID and free it with FREE_STATEID",
    until: "all of them are freed",
    scope: "client",
    isLockState: true,
    answeredBy: FREEING,
  },
  {
    bit: flag.SEQ4_STATUS_LEASE_MOVED,
    meaning: "the lease of some file system is on another server now",
    duty: "access the file system, get NFS4ERR_MOVED, fetch fs_locations or fs_locations_info",
    until: "that is done for every such file system",
    scope: "client",
    isLockState: true,
    answeredBy: [flag.OP_GETATTR],
  },
  {
    bit: flag.SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
    meaning: "the server restarted and waits for reclaims",
    duty: "reclaim, then send RECLAIM_COMPLETE for all file systems",
    until: "RECLAIM_COMPLETE with rca_one_fs false",
    scope: "client",
    isLockState: true,
    answeredBy: [flag.OP_RECLAIM_COMPLETE],
  },
  {
    bit: flag.SEQ4_STATUS_CB_PATH_DOWN_SESSION,
    meaning: "this session has no back channel and one is needed",
    duty: "bind a connection to the session's back channel, or destroy the session",
    until: "a connection is bound",
    scope: "session",
    isLockState: false,
    answeredBy: [flag.OP_BIND_CONN_TO_SESSION, flag.OP_DESTROY_SESSION],
  },
  {
    bit: flag.SEQ4_STATUS_BACKCHANNEL_FAULT,
    meaning: "the server lost track of the back channel's slots",
    duty: "stop new requests, let both channels drain, destroy the session",
    until: "the session is gone",
    scope: "session",
    isLockState: false,
    answeredBy: [flag.OP_DESTROY_SESSION],
  },
  {
    bit: flag.SEQ4_STATUS_DEVID_CHANGED,
    meaning: "a device mapping changed",
    duty: "send GETDEVICEINFO",
    until: "the new mapping is fetched",
    scope: "client",
    isLockState: false,
    answeredBy: [flag.OP_GETDEVICEINFO],
  },
  {
    bit: flag.SEQ4_STATUS_DEVID_DELETED,
    meaning: "a device mapping was deleted",
    duty: "send GETDEVICEINFO with an empty notification mask",
    until: "that is done",
    scope: "client",
    isLockState: false,
    answeredBy: [flag.OP_GETDEVICEINFO],
  },
];

/** All defined bits. */
export const STATUS_FLAGS_MASK = STATUS_FLAGS.reduce((mask, { bit }) => mask | bit, 0);

const byBit = new Map(STATUS_FLAGS.map((entry) => [entry.bit, entry]));

/** What is known of one bit; null for an undefined one. */
export function statusFlag(bit: number): StatusFlag | null {
  return byBit.get(bit) ?? null;
}

/** Names of the set bits without SEQ4_STATUS_, undefined ones in hexadecimal. */
export const flagNames: (bits: number) => string[] = flag.sequenceStatusFlagNames;
