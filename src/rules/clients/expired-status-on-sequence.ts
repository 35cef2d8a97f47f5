import {
  NFS4_OK,
  NFS4ERR_ADMIN_REVOKED,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_BADSESSION,
  NFS4ERR_EXPIRED,
  NFS4ERR_LEASE_MOVED,
  NFS4ERR_OLD_STATEID,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_STALE_STATEID,
  OP_SEQUENCE,
  statusName,
} from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** What only operations with a stateid or a client ID may say of a lost lease: SEQUENCE has flags for it. RFC 8881 §15.2 */
const LEASE_STATUSES: ReadonlySet<number> = new Set([
  NFS4ERR_ADMIN_REVOKED,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_EXPIRED,
  NFS4ERR_LEASE_MOVED,
  NFS4ERR_OLD_STATEID,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_STALE_STATEID,
]);

/** SEQUENCE tells of a lost lease by flags, or has lost the session. */
export const expiredStatusOnSequence: Rule = {
  id: "expired-status-on-sequence",
  severity: "error",
  fault: "server",
  title: "SEQUENCE failed with an error about leases or state",
  rfc: "RFC 8881 15.2, 8.4.2",
  help: {
    means:
      "SEQUENCE was refused with NFS4ERR_EXPIRED, NFS4ERR_STALE_CLIENTID or the like, which are not among its errors. A server that expired the client says NFS4ERR_BADSESSION, or serves the request and sets a flag (EXPIRED_ALL_STATE_REVOKED, …).",
    hurts:
      "Clients do not know what to make of the error on SEQUENCE: they pass an I/O error to programs, or repeat the request for ever.",
    todo: "In the server, answer NFS4ERR_BADSESSION for sessions of an expired client.",
    seenIn: "nfs-ganesha",
  },
  downgrades: {},
  supersedes: ["status-not-listed"],
  watch: ({ report }) => ({
    "status-not-listed"({ call, operation, status }) {
      if (operation !== OP_SEQUENCE || !LEASE_STATUSES.has(status)) return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { status: [NFS4_OK, NFS4ERR_BADSESSION] },
        actual: { status: [status] },
        message: `SEQUENCE failed with ${statusName(status)}: a lost lease is told by NFS4ERR_BADSESSION or by status flags`,
      });
    },
  }),
};
