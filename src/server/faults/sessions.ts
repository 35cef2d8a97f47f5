import {
  CREATE_SESSION4_FLAG_CONN_RDMA,
  NFS4_OK,
  NFS4ERR_BADSLOT,
  NFS4ERR_TOO_MANY_OPS,
} from "../../nfs4/constants.ts";
import type { CREATE_SESSION4resok } from "../../nfs4/ops/session.ts";
import type { Fault } from "./fault.ts";

/** Changes the outcome of CREATE_SESSION. */
function granting(change: (result: CREATE_SESSION4resok) => CREATE_SESSION4resok): Fault["hooks"] {
  return () => ({ created: change });
}

/** What a server must not grant, and what it must hold to. RFC 8881 §18.36, §2.10.6 */
export const sessionFaults: readonly Fault[] = [
  {
    id: "attrs-raised",
    does: "grants larger requests than the client asked for",
    probes: ["cs-attrs", "req-too-big"],
    hooks: granting((result) => ({
      ...result,
      csr_fore_chan_attrs: {
        ...result.csr_fore_chan_attrs,
        ca_maxrequestsize: result.csr_fore_chan_attrs.ca_maxrequestsize + 4096,
      },
    })),
  },
  {
    id: "back-attrs-changed",
    does: "grants fewer slots on the back channel than the client has there",
    probes: ["cs-attrs"],
    hooks: granting((result) => ({
      ...result,
      csr_back_chan_attrs: {
        ...result.csr_back_chan_attrs,
        ca_maxrequests: Math.max(1, result.csr_back_chan_attrs.ca_maxrequests - 1),
      },
    })),
  },
  {
    id: "flags-not-requested",
    does: "grants RDMA to a client that did not ask for it",
    probes: ["cs-flags"],
    hooks: granting((result) => ({ ...result, csr_flags: result.csr_flags | CREATE_SESSION4_FLAG_CONN_RDMA })),
  },
  {
    id: "create-session-csr-seq",
    does: "answers CREATE_SESSION with another sequence id",
    probes: ["cs-replay"],
    hooks: granting((result) => ({ ...result, csr_sequence: (result.csr_sequence + 1) >>> 0 })),
  },
  {
    id: "table-shrunk-without-notice",
    does: "takes half of the slots away and does not say so",
    probes: ["slot-last", "highest-lower", "grow", "concurrency"],
    hooks: () => ({
      judged: (answer, { session, slotId }) =>
        slotId > 0 && slotId >= session.model.fore.size / 2
          ? { ...answer, verdict: null, status: NFS4ERR_BADSLOT, cached: null }
          : answer,
    }),
  },
  {
    id: "server-accepted-too-many-ops",
    does: "runs compounds of any length",
    probes: ["too-many-ops"],
    hooks: () => ({ limited: (status) => (status === NFS4ERR_TOO_MANY_OPS ? NFS4_OK : status) }),
  },
  {
    id: "rep-too-big",
    does: "sends replies of any length",
    probes: ["rep-too-big", "rep-too-big-cache", "rep-too-big-partial"],
    hooks: () => ({ bounded: (limits) => ({ ...limits, bytes: Number.POSITIVE_INFINITY }) }),
  },
];
