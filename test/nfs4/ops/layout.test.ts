import {
  LAYOUTCOMMIT4args,
  LAYOUTCOMMIT4res,
  LAYOUTGET4args,
  LAYOUTGET4res,
  LAYOUTRETURN4args,
  LAYOUTRETURN4res,
} from "../../../src/nfs4/ops/layout.ts";
import { fromHex } from "../../support/hex.ts";
import { STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const ALL_HEX = "0000000000000000 ffffffffffffffff";
const ALL = 0xffff_ffff_ffff_ffffn;

rows(LAYOUTGET4args, [
  {
    name: "the whole file, to write",
    hex: `00000000 00000001 00000002 ${ALL_HEX} 0000000000001000 ${STATEID_HEX} 00001000`,
    value: {
      loga_signal_layout_avail: false,
      loga_layout_type: 1,
      loga_iomode: 2,
      loga_offset: 0n,
      loga_length: ALL,
      loga_minlength: 4096n,
      loga_stateid: STATEID,
      loga_maxcount: 4096,
    },
  },
]);
rows(LAYOUTGET4res, [
  {
    name: "two segments",
    hex: `00000000 00000001 ${STATEID_HEX} 00000002
      0000000000000000 0000000000010000 00000001 00000001 00000003 616263 00
      0000000000010000 ffffffffffffffff 00000002 00000004 00000000`,
    value: {
      logr_status: 0,
      logr_resok4: {
        logr_return_on_close: true,
        logr_stateid: STATEID,
        logr_layout: [
          {
            lo_offset: 0n,
            lo_length: 65536n,
            lo_iomode: 1,
            lo_content: { loc_type: 1, loc_body: fromHex("616263") },
          },
          {
            lo_offset: 65536n,
            lo_length: ALL,
            lo_iomode: 2,
            lo_content: { loc_type: 4, loc_body: new Uint8Array(0) },
          },
        ],
      },
    },
  },
  {
    name: "NFS4ERR_LAYOUTTRYLATER says whether a signal will come",
    hex: "0000274a 00000001",
    value: { logr_status: 10058, logr_will_signal_layout_avail: true },
  },
  { name: "NFS4ERR_LAYOUTUNAVAILABLE", hex: "0000274b", value: { logr_status: 10059 } },
]);

rows(LAYOUTCOMMIT4args, [
  {
    name: "a new end and time",
    hex: `${ALL_HEX} 00000000 ${STATEID_HEX} 00000001 0000000000000fff 00000001 0000000060000000 00000001
      00000001 00000000`,
    value: {
      loca_offset: 0n,
      loca_length: ALL,
      loca_reclaim: false,
      loca_stateid: STATEID,
      loca_last_write_offset: { no_newoffset: true, no_offset: 4095n },
      loca_time_modify: { nt_timechanged: true, nt_time: { seconds: 0x6000_0000n, nseconds: 1 } },
      loca_layoutupdate: { lou_type: 1, lou_body: new Uint8Array(0) },
    },
  },
  {
    name: "neither",
    hex: `${ALL_HEX} 00000001 ${STATEID_HEX} 00000000 00000000 00000004 00000004 01020304`,
    value: {
      loca_offset: 0n,
      loca_length: ALL,
      loca_reclaim: true,
      loca_stateid: STATEID,
      loca_last_write_offset: { no_newoffset: false },
      loca_time_modify: { nt_timechanged: false },
      loca_layoutupdate: { lou_type: 4, lou_body: fromHex("01020304") },
    },
  },
]);
rows(LAYOUTCOMMIT4res, [
  {
    name: "a new size",
    hex: "00000000 00000001 0000000000001000",
    value: { locr_status: 0, locr_resok4: { locr_newsize: { ns_sizechanged: true, ns_size: 4096n } } },
  },
  {
    name: "the same size",
    hex: "00000000 00000000",
    value: { locr_status: 0, locr_resok4: { locr_newsize: { ns_sizechanged: false } } },
  },
]);

rows(LAYOUTRETURN4args, [
  {
    name: "of a file",
    hex: `00000000 00000001 00000003 00000001 ${ALL_HEX} ${STATEID_HEX} 00000002 aabb0000`,
    value: {
      lora_reclaim: false,
      lora_layout_type: 1,
      lora_iomode: 3,
      lora_layoutreturn: {
        lr_returntype: 1,
        lr_layout: { lrf_offset: 0n, lrf_length: ALL, lrf_stateid: STATEID, lrf_body: fromHex("aabb") },
      },
    },
  },
  {
    name: "of everything",
    hex: "00000001 00000001 00000003 00000003",
    value: { lora_reclaim: true, lora_layout_type: 1, lora_iomode: 3, lora_layoutreturn: { lr_returntype: 3 } },
  },
]);
rows(LAYOUTRETURN4res, [
  {
    name: "something is left",
    hex: `00000000 00000001 ${STATEID_HEX}`,
    value: { lorr_status: 0, lorr_stateid: { lrs_present: true, lrs_stateid: STATEID } },
  },
  {
    name: "nothing is left",
    hex: "00000000 00000000",
    value: { lorr_status: 0, lorr_stateid: { lrs_present: false } },
  },
]);
