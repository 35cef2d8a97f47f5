import { CB_SEQUENCE4args, CB_SEQUENCE4res, CB_SEQUENCE4resok } from "./ops/callback-session.ts";
import { SEQUENCE4args, SEQUENCE4res, SEQUENCE4resok } from "./ops/session.ts";

// SEQUENCE is the one operation that is read in every compound, so it is read without making a value: `at` is where
// its arguments or its result start (`compound.starts[0]`), and the struct itself says how far in a field lies. The
// caller has made sure that the operation is complete, and, for a result, that its status is NFS4_OK.

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

const args = SEQUENCE4args.offsets;

/** Fields of SEQUENCE4args in raw bytes. RFC 8881 §18.46.1 */
export const sequenceArgs = {
  /** Offset of the 16 bytes of the session id. */
  sessionid: (at: number) => at + args.sa_sessionid,
  sequenceid: (bytes: Uint8Array, at: number) => word(bytes, at + args.sa_sequenceid),
  slotid: (bytes: Uint8Array, at: number) => word(bytes, at + args.sa_slotid),
  highestSlotid: (bytes: Uint8Array, at: number) => word(bytes, at + args.sa_highest_slotid),
  /** Any bool but 0 counts as TRUE, as the servers have it. */
  cachethis: (bytes: Uint8Array, at: number) => word(bytes, at + args.sa_cachethis) !== 0,
};

const resok = SEQUENCE4resok.offsets;
const resokAt = SEQUENCE4res.discriminant.fixedSize!;

/** Fields of SEQUENCE4resok in raw bytes, `at` being where SEQUENCE4res starts. RFC 8881 §18.46.2 */
export const sequenceResult = {
  /** Offset of the 16 bytes of the session id. */
  sessionid: (at: number) => at + resokAt + resok.sr_sessionid,
  sequenceid: (bytes: Uint8Array, at: number) => word(bytes, at + resokAt + resok.sr_sequenceid),
  slotid: (bytes: Uint8Array, at: number) => word(bytes, at + resokAt + resok.sr_slotid),
  highestSlotid: (bytes: Uint8Array, at: number) => word(bytes, at + resokAt + resok.sr_highest_slotid),
  targetHighestSlotid: (bytes: Uint8Array, at: number) => word(bytes, at + resokAt + resok.sr_target_highest_slotid),
  statusFlags: (bytes: Uint8Array, at: number) => word(bytes, at + resokAt + resok.sr_status_flags),
};

const callbackArgs = CB_SEQUENCE4args.offsets;

/** Fields of CB_SEQUENCE4args in raw bytes; the referring calls, of variable length, are left to the decoder. */
export const callbackSequenceArgs = {
  /** Offset of the 16 bytes of the session id. */
  sessionid: (at: number) => at + callbackArgs.csa_sessionid,
  sequenceid: (bytes: Uint8Array, at: number) => word(bytes, at + callbackArgs.csa_sequenceid),
  slotid: (bytes: Uint8Array, at: number) => word(bytes, at + callbackArgs.csa_slotid),
  highestSlotid: (bytes: Uint8Array, at: number) => word(bytes, at + callbackArgs.csa_highest_slotid),
  cachethis: (bytes: Uint8Array, at: number) => word(bytes, at + callbackArgs.csa_cachethis) !== 0,
};

const callbackResok = CB_SEQUENCE4resok.offsets;
const callbackResokAt = CB_SEQUENCE4res.discriminant.fixedSize!;

/** Fields of CB_SEQUENCE4resok in raw bytes, `at` being where CB_SEQUENCE4res starts. RFC 8881 §20.9.2 */
export const callbackSequenceResult = {
  /** Offset of the 16 bytes of the session id. */
  sessionid: (at: number) => at + callbackResokAt + callbackResok.csr_sessionid,
  sequenceid: (bytes: Uint8Array, at: number) => word(bytes, at + callbackResokAt + callbackResok.csr_sequenceid),
  slotid: (bytes: Uint8Array, at: number) => word(bytes, at + callbackResokAt + callbackResok.csr_slotid),
  highestSlotid: (bytes: Uint8Array, at: number) =>
    word(bytes, at + callbackResokAt + callbackResok.csr_highest_slotid),
  targetHighestSlotid: (bytes: Uint8Array, at: number) =>
    word(bytes, at + callbackResokAt + callbackResok.csr_target_highest_slotid),
};
