import * as nfs4 from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("client-ids", {
  notices: [
    // Roles that contradict each other.
    ["eid-basic", nfs4.EXCHGID4_FLAG_USE_NON_PNFS, nfs4.EXCHGID4_FLAG_USE_NON_PNFS | nfs4.EXCHGID4_FLAG_USE_PNFS_MDS],
    ["eid-badflags", nfs4.NFS4ERR_INVAL],
    ["eid-cases", nfs4.NFS4ERR_STALE_CLIENTID],
    ["eid-cases", nfs4.NFS4ERR_CLID_INUSE],
    ["eid-cases", nfs4.NFS4ERR_BADSESSION],
    ["eid-cases", nfs4.NFS4ERR_NOENT],
    ["eid-cases", nfs4.NFS4ERR_NOT_SAME],
    ["eid-cases", nfs4.NFS4ERR_PERM, nfs4.NFS4ERR_ACCESS],
    ["eid-not-only", nfs4.NFS4ERR_NOT_ONLY_OP],
    ["dcid", nfs4.NFS4ERR_CLIENTID_BUSY],
    ["dcid", nfs4.NFS4ERR_NOT_ONLY_OP],
    ["dcid", nfs4.NFS4ERR_STALE_CLIENTID],
  ],
});
