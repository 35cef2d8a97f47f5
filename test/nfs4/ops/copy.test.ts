import {
  COPY_NOTIFY4args,
  COPY_NOTIFY4res,
  COPY4args,
  COPY4res,
  OFFLOAD_STATUS4res,
} from "../../../src/nfs4/ops/copy.ts";
import { STATEID, STATEID_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { refused, rows } from "../../support/xdr-rows.ts";

const RANGE_HEX = "0000000000000000 0000000000001000 0000000000002000";
const RANGE = { ca_src_offset: 0n, ca_dst_offset: 4096n, ca_count: 8192n };
const ADDRESS_HEX = "00000003 00000003 74637000 00000009 312e322e 332e342e 35000000";
const ADDRESS = { nl_type: 3, nl_addr: { na_r_netid: "tcp", na_r_addr: "1.2.3.4.5" } };

rows(COPY4args, [
  {
    name: "within one server",
    hex: `${STATEID_HEX} ${STATEID_HEX} ${RANGE_HEX} 00000001 00000000 00000000`,
    value: {
      ca_src_stateid: STATEID,
      ca_dst_stateid: STATEID,
      ...RANGE,
      ca_consecutive: true,
      ca_synchronous: false,
      ca_source_server: [],
    },
  },
  {
    name: "from another server, known by three kinds of address",
    hex: `${STATEID_HEX} ${STATEID_HEX} ${RANGE_HEX} 00000001 00000001 00000003
      00000001 00000003 73727600 00000002 00000004 6e66733a ${ADDRESS_HEX}`,
    value: {
      ca_src_stateid: STATEID,
      ca_dst_stateid: STATEID,
      ...RANGE,
      ca_consecutive: true,
      ca_synchronous: true,
      ca_source_server: [{ nl_type: 1, nl_name: "srv" }, { nl_type: 2, nl_url: "nfs:" }, ADDRESS],
    },
  },
]);
refused(COPY4args, [
  {
    hex: `${STATEID_HEX} ${STATEID_HEX} ${RANGE_HEX} 00000001 00000001 00000001 00000004 00000000`,
    message: "netloc4: no case 4",
    offset: 68,
  },
]);

const RESPONSE_HEX = `0000000000002000 00000000 ${VERIFIER_HEX}`;
const RESPONSE = { wr_count: 8192n, wr_committed: 0, wr_writeverf: VERIFIER };

rows(COPY4res, [
  {
    name: "done",
    hex: `00000000 00000000 ${RESPONSE_HEX} 00000001 00000001`,
    value: {
      cr_status: 0,
      cr_resok4: {
        cr_response: { wr_callback_id: [], ...RESPONSE },
        cr_requirements: { cr_consecutive: true, cr_synchronous: true },
      },
    },
  },
  {
    name: "goes on, a CB_OFFLOAD will tell",
    hex: `00000000 00000001 ${STATEID_HEX} ${RESPONSE_HEX} 00000001 00000000`,
    value: {
      cr_status: 0,
      cr_resok4: {
        cr_response: { wr_callback_id: [STATEID], ...RESPONSE },
        cr_requirements: { cr_consecutive: true, cr_synchronous: false },
      },
    },
  },
  {
    name: "NFS4ERR_OFFLOAD_NO_REQS says what the server could do",
    hex: "0000276e 00000000 00000001",
    value: { cr_status: 10094, cr_requirements: { cr_consecutive: false, cr_synchronous: true } },
  },
  { name: "NFS4ERR_PARTNER_NO_AUTH", hex: "00002769", value: { cr_status: 10089 } },
]);
refused(COPY4res, [{ hex: "00000000 00000002", message: "stateid4<1>: length 2 exceeds 1", offset: 4 }]);

rows(COPY_NOTIFY4args, [
  {
    name: "to an address",
    hex: `${STATEID_HEX} ${ADDRESS_HEX}`,
    value: { cna_src_stateid: STATEID, cna_destination_server: ADDRESS },
  },
]);
rows(COPY_NOTIFY4res, [
  {
    name: "from an address",
    hex: `00000000 000000000000005a 00000000 ${STATEID_HEX} 00000001 ${ADDRESS_HEX}`,
    value: {
      cnr_status: 0,
      resok4: { cnr_lease_time: { seconds: 90n, nseconds: 0 }, cnr_stateid: STATEID, cnr_source_server: [ADDRESS] },
    },
  },
]);

rows(OFFLOAD_STATUS4res, [
  {
    name: "under way",
    hex: "00000000 0000000000001000 00000000",
    value: { osr_status: 0, osr_resok4: { osr_count: 4096n, osr_complete: [] } },
  },
  {
    name: "ended for lack of space",
    hex: "00000000 0000000000001000 00000001 0000001c",
    value: { osr_status: 0, osr_resok4: { osr_count: 4096n, osr_complete: [28] } },
  },
]);
