import { NFS4ERR_REP_TOO_BIG, NFS4ERR_REP_TOO_BIG_TO_CACHE } from "../../nfs4/constants.ts";
import type { ProbeSession } from "../probe-session.ts";

/** What is said beyond ca_maxresponsesize_cached: where ca_maxresponsesize is no larger, either limit may speak first. */
export function cacheLimitStatuses({ granted }: ProbeSession): number[] {
  const isLess = granted.maxResponseSizeCached < granted.maxResponseSize;
  return isLess ? [NFS4ERR_REP_TOO_BIG_TO_CACHE] : [NFS4ERR_REP_TOO_BIG_TO_CACHE, NFS4ERR_REP_TOO_BIG];
}
