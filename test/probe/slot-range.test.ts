import { NFS4ERR_BADSLOT } from "../../src/nfs4/constants.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("slot-range", {
  notices: [
    ["slot-max", NFS4ERR_BADSLOT],
    ["slot-huge", NFS4ERR_BADSLOT],
  ],
});
