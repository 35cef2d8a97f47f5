import type { Rule } from "../rule.ts";
import { badXdr } from "./bad-xdr.ts";
import { bindInSequence } from "./bind-in-sequence.ts";
import { dsOpNotAllowed } from "./ds-op-not-allowed.ts";
import { emptyCompound } from "./empty-compound.ts";
import { maxOpsExceeded } from "./max-ops-exceeded.ts";
import { minorVersionMixed } from "./minor-version-mixed.ts";
import { minorVersionUnsupported } from "./minor-version-unsupported.ts";
import { missingSequence } from "./missing-sequence.ts";
import { notOnlyOp } from "./not-only-op.ts";
import { opBeyondMinor } from "./op-beyond-minor.ts";
import { opsAfterError } from "./ops-after-error.ts";
import { readExceedsChannel } from "./read-exceeds-channel.ts";
import { repTooBig } from "./rep-too-big.ts";
import { repTooBigToCache } from "./rep-too-big-to-cache.ts";
import { reqTooBigWrong } from "./req-too-big-wrong.ts";
import { requestTooBig } from "./request-too-big.ts";
import { sequenceNotFirst } from "./sequence-not-first.ts";
import { serverAcceptedBadStructure } from "./server-accepted-bad-structure.ts";
import { serverAcceptedTooManyOps } from "./server-accepted-too-many-ops.ts";
import { udpTransport } from "./udp-transport.ts";
import { unsafeCompound } from "./unsafe-compound.ts";
import { v40Op } from "./v40-op.ts";

/** The structure and size of compounds. RFC 8881 §16.2 */
export const compoundRules: readonly Rule[] = [
  sequenceNotFirst,
  missingSequence,
  notOnlyOp,
  bindInSequence,
  serverAcceptedBadStructure,
  maxOpsExceeded,
  serverAcceptedTooManyOps,
  requestTooBig,
  repTooBig,
  repTooBigToCache,
  readExceedsChannel,
  reqTooBigWrong,
  unsafeCompound,
  emptyCompound,
  minorVersionUnsupported,
  minorVersionMixed,
  v40Op,
  opBeyondMinor,
  udpTransport,
  badXdr,
  dsOpNotAllowed,
  opsAfterError,
];
