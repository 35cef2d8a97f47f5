import {
  NFS4ERR_BAD_SEQID,
  NFS4ERR_LEASE_MOVED,
  NFS4ERR_NXIO,
  NFS4ERR_RESOURCE,
  NFS4ERR_RESTOREFH,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_STALE_STATEID,
  OP_CB_SEQUENCE,
  OP_SEQUENCE,
  statusName,
} from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { operationNameOf } from "../operation-name-of.ts";
import type { Rule } from "../rule.ts";

/** Errors of NFSv4.0 that no operation of a later minor version has. RFC 8881 §15.1.16; RESOURCE is gone altogether. */
const OF_V40: ReadonlySet<number> = new Set([
  NFS4ERR_BAD_SEQID,
  NFS4ERR_LEASE_MOVED,
  NFS4ERR_NXIO,
  NFS4ERR_RESOURCE,
  NFS4ERR_RESTOREFH,
  NFS4ERR_STALE_STATEID,
]);

/** Each operation has a list of the errors that it may return. */
export const statusNotListed: Rule = {
  id: "status-not-listed",
  severity: "warning",
  fault: "server",
  title: "An operation failed with an error that it cannot have",
  rfc: "RFC 8881 15.2",
  help: {
    means: "The RFCs list the valid errors of each operation. This status is not among them (an error for SEQUENCE).",
    hurts: "Requesters handle listed errors only: they fall back to an I/O error, or retry for ever.",
    todo: "In the replier, map the internal error to one of the listed ones.",
    seenIn:
      "NFS4ERR_RESOURCE, which minor version 1 does not have: nfs-ganesha for too many operations, DittoFS for its limits",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "status-not-listed"({ call, operation, status }) {
      const isSequence = operation === (call.channel === "fore" ? OP_SEQUENCE : OP_CB_SEQUENCE);
      // A rule of its own: retry-uncached-on-sequence.
      if (isSequence && status === NFS4ERR_RETRY_UNCACHED_REP) return;
      report({
        call,
        severity: isSequence ? "error" : "warning",
        frames: exchangeFrames(call),
        expected: { text: `an error that is listed for ${operationNameOf(call, operation)}` },
        actual: { status: [status] },
        message: `${operationNameOf(call, operation)} failed with ${statusName(status)}, ${OF_V40.has(status) ? "which only NFSv4.0 has" : "which is not among its errors"}`,
      });
    },
  }),
};
