import * as nfs4 from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("destroy-session", {
  notices: [
    ["ds-basic", nfs4.NFS4ERR_BADSESSION],
    ["ds-twice", nfs4.NFS4ERR_BADSESSION],
    ["ds-in-own-last", nfs4.NFS4ERR_BADSESSION],
    ["ds-in-other", nfs4.NFS4ERR_BADSESSION],
    ["ds-unbound-conn", nfs4.NFS4ERR_CONN_NOT_BOUND_TO_SESSION],
    ["ds-with-outstanding", nfs4.NFS4ERR_DELAY],
    ["badsession-flip", nfs4.NFS4ERR_BADSESSION],
    ["badsession-zero", nfs4.NFS4ERR_BADSESSION],
  ],
});
