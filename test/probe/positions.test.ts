import { NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_SEQUENCE_POS } from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("positions", {
  notices: [
    ["sequence-pos", NFS4ERR_SEQUENCE_POS],
    ["sequence-third", NFS4ERR_SEQUENCE_POS],
    ["no-sequence", NFS4ERR_OP_NOT_IN_SESSION],
    ["every-op-no-sequence", NFS4ERR_OP_NOT_IN_SESSION],
  ],
});
