import {
  GET_DIR_DELEGATION4args,
  GET_DIR_DELEGATION4res,
  WANT_DELEGATION4args,
  WANT_DELEGATION4res,
} from "../../../src/nfs4/ops/delegation.ts";
import { ACE, ACE_HEX, STATEID, STATEID_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { refused, rows } from "../../support/xdr-rows.ts";

rows(GET_DIR_DELEGATION4args, [
  {
    name: "with notifications",
    hex: `00000001 00000001 0000003c 0000000000000005 00000000 ffffffffffffffff 3b9ac9ff 00000001 00000010 00000000`,
    value: {
      gdda_signal_deleg_avail: true,
      gdda_notification_types: [0x3c],
      gdda_child_attr_delay: { seconds: 5n, nseconds: 0 },
      gdda_dir_attr_delay: { seconds: -1n, nseconds: 999_999_999 },
      gdda_child_attributes: [0x10],
      gdda_dir_attributes: [],
    },
  },
]);
rows(GET_DIR_DELEGATION4res, [
  {
    name: "granted",
    hex: `00000000 00000000 ${VERIFIER_HEX} ${STATEID_HEX} 00000001 0000000c 00000000 00000000`,
    value: {
      gddr_status: 0,
      gddr_res_non_fatal4: {
        gddrnf_status: 0,
        gddrnf_resok4: {
          gddr_cookieverf: VERIFIER,
          gddr_stateid: STATEID,
          gddr_notification: [0x0c],
          gddr_child_attributes: [],
          gddr_dir_attributes: [],
        },
      },
    },
  },
  {
    name: "unavailable, which is no error",
    hex: "00000000 00000001 00000001",
    value: { gddr_status: 0, gddr_res_non_fatal4: { gddrnf_status: 1, gddrnf_will_signal_deleg_avail: true } },
  },
  { name: "NFS4ERR_NOTSUPP", hex: "00002714", value: { gddr_status: 10004 } },
]);
refused(GET_DIR_DELEGATION4res, [
  { hex: "00000000 00000002", message: "GET_DIR_DELEGATION4res_non_fatal: no case 2", offset: 4 },
]);

rows(WANT_DELEGATION4args, [
  { name: "by filehandle", hex: "00000100 00000004", value: { wda_want: 0x100, wda_claim: { dc_claim: 4 } } },
  {
    name: "reclaimed",
    hex: "00000200 00000001 00000002",
    value: { wda_want: 0x200, wda_claim: { dc_claim: 1, dc_delegate_type: 2 } },
  },
]);
rows(WANT_DELEGATION4res, [
  {
    name: "a read delegation",
    hex: `00000000 00000001 ${STATEID_HEX} 00000000 ${ACE_HEX}`,
    value: {
      wdr_status: 0,
      wdr_resok4: { delegation_type: 1, read: { stateid: STATEID, recall: false, permissions: ACE } },
    },
  },
]);
