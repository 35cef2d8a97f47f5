import { bool, enumeration, struct, uint32, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { open_claim_type4, open_delegation_type4, open_delegation4 } from "../open-delegation.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, clientid4, nfsstat4, nfstime4, stateid4, verifier4 } from "../types.ts";

export const DELEGPURGE4args = struct("DELEGPURGE4args", { clientid: clientid4 });
export const DELEGPURGE4res = struct("DELEGPURGE4res", { status: nfsstat4 });

export const DELEGRETURN4args = struct("DELEGRETURN4args", { deleg_stateid: stateid4 });
export type DELEGRETURN4args = ValueOf<typeof DELEGRETURN4args>;
export const DELEGRETURN4res = struct("DELEGRETURN4res", { status: nfsstat4 });

export const attr_notice4 = nfstime4;
export const GET_DIR_DELEGATION4args = struct("GET_DIR_DELEGATION4args", {
  gdda_signal_deleg_avail: bool,
  gdda_notification_types: bitmap4,
  gdda_child_attr_delay: attr_notice4,
  gdda_dir_attr_delay: attr_notice4,
  gdda_child_attributes: bitmap4,
  gdda_dir_attributes: bitmap4,
});
export const GET_DIR_DELEGATION4resok = struct("GET_DIR_DELEGATION4resok", {
  gddr_cookieverf: verifier4,
  gddr_stateid: stateid4,
  gddr_notification: bitmap4,
  gddr_child_attributes: bitmap4,
  gddr_dir_attributes: bitmap4,
});
export const gddrnf4_status = enumeration("gddrnf4_status", { GDD4_OK: 0, GDD4_UNAVAIL: 1 });
export const GET_DIR_DELEGATION4res_non_fatal = union(
  "GET_DIR_DELEGATION4res_non_fatal",
  "gddrnf_status",
  gddrnf4_status,
  {
    GDD4_OK: { gddrnf_resok4: GET_DIR_DELEGATION4resok },
    GDD4_UNAVAIL: { gddrnf_will_signal_deleg_avail: bool },
  },
);
export const GET_DIR_DELEGATION4res = result("GET_DIR_DELEGATION4res", "gddr_status", {
  gddr_res_non_fatal4: GET_DIR_DELEGATION4res_non_fatal,
});

export const deleg_claim4 = union("deleg_claim4", "dc_claim", open_claim_type4, {
  CLAIM_FH: voidType,
  CLAIM_DELEG_PREV_FH: voidType,
  CLAIM_PREVIOUS: { dc_delegate_type: open_delegation_type4 },
});
export const WANT_DELEGATION4args = struct("WANT_DELEGATION4args", { wda_want: uint32, wda_claim: deleg_claim4 });
export const WANT_DELEGATION4res = result("WANT_DELEGATION4res", "wdr_status", { wdr_resok4: open_delegation4 });

/** Delegations besides those that come with OPEN. */
export const delegationOperations = [
  operation({ name: "DELEGPURGE", rfc: "RFC 8881 §18.5", args: DELEGPURGE4args, res: DELEGPURGE4res }),
  operation({ name: "DELEGRETURN", rfc: "RFC 8881 §18.6", args: DELEGRETURN4args, res: DELEGRETURN4res }),
  operation({
    name: "GET_DIR_DELEGATION",
    rfc: "RFC 8881 §18.39",
    args: GET_DIR_DELEGATION4args,
    res: GET_DIR_DELEGATION4res,
  }),
  operation({
    name: "WANT_DELEGATION",
    rfc: "RFC 8881 §18.49",
    args: WANT_DELEGATION4args,
    res: WANT_DELEGATION4res,
  }),
];
