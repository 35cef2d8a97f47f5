import * as nfs4 from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("connections", {
  verdicts: { "enforce-bind": "skipped" },
  notices: [
    ["bind-dirs", nfs4.NFS4ERR_INVAL],
    ["bind-again", nfs4.NFS4ERR_INVAL],
    ["bind-bad-session", nfs4.NFS4ERR_BADSESSION],
    ["bind-bad-session", nfs4.NFS4ERR_NOT_ONLY_OP],
  ],
});
