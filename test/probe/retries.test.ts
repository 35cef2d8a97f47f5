import * as nfs4 from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("retries", {
  notices: [
    ["retry-illegal", nfs4.NFS4ERR_OP_ILLEGAL],
    ["retry-illegal", nfs4.NFS4ERR_NOTSUPP],
    ["retry-uncached", nfs4.NFS4ERR_RETRY_UNCACHED_REP, nfs4.NFS4_OK],
  ],
});
