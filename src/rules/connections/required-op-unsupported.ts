import {
  EXCHGID4_FLAG_USE_PNFS_DS,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  OP_BACKCHANNEL_CTL,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_FREE_STATEID,
  OP_RECLAIM_COMPLETE,
  OP_SET_SSV,
  OP_TEST_STATEID,
  operationName,
  statusName,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** What a pure data server must have as well. RFC 8881 §13.6 */
const HOUSEKEEPING = [
  OP_BACKCHANNEL_CTL,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_SET_SSV,
];
const REQUIRED = [...HOUSEKEEPING, OP_FREE_STATEID, OP_RECLAIM_COMPLETE, OP_TEST_STATEID];

/** The server lacks an operation on sessions or clients that is REQUIRED; BIND_CONN_TO_SESSION is bind-unsupported. */
export const requiredOpUnsupported: Rule = {
  id: "required-op-unsupported",
  severity: "error",
  fault: "server",
  title: "The server does not support an operation that is REQUIRED",
  rfc: "RFC 8881 17 Table 16, 13.6",
  help: {
    means:
      "NFS4ERR_NOTSUPP or NFS4ERR_OP_ILLEGAL came in answer to an operation that every NFSv4.1 server must have. SET_SSV is missing in most servers and only noted.",
    hurts:
      "A client that relies on it cannot recover: without FREE_STATEID and TEST_STATEID, for example, it does not get rid of revoked locks.",
    todo: "Ask for the operation in the server.",
    seenIn: "nfs-ganesha 4.3 answers BACKCHANNEL_CTL with NFS4ERR_OP_ILLEGAL",
  },
  downgrades: { V: 2 },
  supersedes: ["status-not-listed"],
  operations: REQUIRED,
  watch: ({ report }) => ({
    "operation-result"({ call, operation, status }) {
      if (status !== NFS4ERR_NOTSUPP && status !== NFS4ERR_OP_ILLEGAL) return;
      const isHousekeeping = HOUSEKEEPING.includes(operation);
      if (isDataServer(call) && !isHousekeeping) return;
      report({
        call,
        // A session from before the capture may be one of a data server.
        because: isHousekeeping || hasRole(call) ? [] : ["V"],
        severity: operation === OP_SET_SSV ? "note" : "error",
        frames: exchangeFrames(call),
        expected: { text: "an answer of a server that has the operation" },
        actual: { status: [status] },
        message: `${operationName(operation)}, which every server must support, was answered ${statusName(status)}`,
      });
    },
  }),
};

/** What the server is was seen. */
function hasRole({ session }: Call): boolean {
  return (session?.client?.roles ?? 0) !== 0;
}

/** A data server and nothing else. RFC 8881 §13.1 */
function isDataServer({ session }: Call): boolean {
  return session?.client?.roles === EXCHGID4_FLAG_USE_PNFS_DS;
}
