import * as nfs4 from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("compounds", {
  notices: [
    ["v40-ops", nfs4.NFS4ERR_NOTSUPP],
    ["v40-ops", nfs4.NFS4ERR_OP_ILLEGAL],
    ["minor-mismatch", nfs4.NFS4ERR_MINOR_VERS_MISMATCH],
    ["tag-utf8", nfs4.NFS4ERR_INVAL],
    ["truncated-xdr", nfs4.NFS4ERR_BADXDR],
  ],
});
