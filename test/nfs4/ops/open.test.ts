import { CLOSE4res, OPEN_DOWNGRADE4args, OPEN4args, OPEN4res } from "../../../src/nfs4/ops/open.ts";
import { fromHex } from "../../support/hex.ts";
import {
  ACE,
  ACE_HEX,
  CINFO,
  CINFO_HEX,
  FATTR,
  FATTR_HEX,
  STATEID,
  STATEID_HEX,
  VERIFIER,
  VERIFIER_HEX,
} from "../../support/nfs4-samples.ts";
import { refused, rows } from "../../support/xdr-rows.ts";

// seqid 0, read and write, deny none, client id 0x11, owner "own"
const HEAD_HEX = "00000000 00000003 00000000 0000000000000011 00000003 6f776e00";
const HEAD = { seqid: 0, share_access: 3, share_deny: 0, owner: { clientid: 0x11n, owner: fromHex("6f776e") } };
const NO_CREATE = { opentype: 0 };

rows(OPEN4args, [
  {
    name: "an existing file by name",
    hex: `${HEAD_HEX} 00000000 00000000 00000004 66696c65`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 0, file: "file" } },
  },
  {
    name: "created unchecked",
    hex: `${HEAD_HEX} 00000001 00000000 ${FATTR_HEX} 00000000 00000001 66000000`,
    value: { ...HEAD, openhow: { opentype: 1, how: { mode: 0, createattrs: FATTR } }, claim: { claim: 0, file: "f" } },
  },
  {
    name: "created guarded, share reservation and wants",
    hex: `00000000 00010102 00000003 0000000000000011 00000003 6f776e00
      00000001 00000001 00000000 00000000 00000000 00000001 66000000`,
    value: {
      ...HEAD,
      share_access: 0x10102,
      share_deny: 3,
      openhow: { opentype: 1, how: { mode: 1, createattrs: { attrmask: [], attr_vals: new Uint8Array(0) } } },
      claim: { claim: 0, file: "f" },
    },
  },
  {
    name: "created exclusively, the way of NFSv4.0",
    hex: `${HEAD_HEX} 00000001 00000002 ${VERIFIER_HEX} 00000000 00000001 66000000`,
    value: {
      ...HEAD,
      openhow: { opentype: 1, how: { mode: 2, createverf: VERIFIER } },
      claim: { claim: 0, file: "f" },
    },
  },
  {
    name: "created exclusively with attributes",
    hex: `${HEAD_HEX} 00000001 00000003 ${VERIFIER_HEX} ${FATTR_HEX} 00000000 00000001 66000000`,
    value: {
      ...HEAD,
      openhow: { opentype: 1, how: { mode: 3, ch_createboth: { cva_verf: VERIFIER, cva_attrs: FATTR } } },
      claim: { claim: 0, file: "f" },
    },
  },
  {
    name: "reclaimed after a restart, with its write delegation",
    hex: `${HEAD_HEX} 00000000 00000001 00000002`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 1, delegate_type: 2 } },
  },
  {
    name: "under a delegation, by name",
    hex: `${HEAD_HEX} 00000000 00000002 ${STATEID_HEX} 00000001 66000000`,
    value: {
      ...HEAD,
      openhow: NO_CREATE,
      claim: { claim: 2, delegate_cur_info: { delegate_stateid: STATEID, file: "f" } },
    },
  },
  {
    name: "under a delegation of the client's previous life",
    hex: `${HEAD_HEX} 00000000 00000003 00000001 66000000`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 3, file_delegate_prev: "f" } },
  },
  {
    name: "by filehandle",
    hex: `${HEAD_HEX} 00000000 00000004`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 4 } },
  },
  {
    name: "under a delegation, by filehandle",
    hex: `${HEAD_HEX} 00000000 00000005 ${STATEID_HEX}`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 5, oc_delegate_stateid: STATEID } },
  },
  {
    name: "under a delegation of the previous life, by filehandle",
    hex: `${HEAD_HEX} 00000000 00000006`,
    value: { ...HEAD, openhow: NO_CREATE, claim: { claim: 6 } },
  },
]);

refused(OPEN4args, [
  { hex: `${HEAD_HEX} 00000000 00000007`, message: "open_claim4: no case 7", offset: 32 },
  { hex: `${HEAD_HEX} 00000001 00000004`, message: "createhow4: no case 4", offset: 32 },
]);

const RESULT_HEX = `00000000 ${STATEID_HEX} ${CINFO_HEX} 00000004 00000001 00000010`;
const RESULT = { stateid: STATEID, cinfo: CINFO, rflags: 4, attrset: [0x10] };

rows(OPEN4res, [
  {
    name: "no delegation",
    hex: `${RESULT_HEX} 00000000`,
    value: { status: 0, resok4: { ...RESULT, delegation: { delegation_type: 0 } } },
  },
  {
    name: "a read delegation",
    hex: `${RESULT_HEX} 00000001 ${STATEID_HEX} 00000000 ${ACE_HEX}`,
    value: {
      status: 0,
      resok4: {
        ...RESULT,
        delegation: { delegation_type: 1, read: { stateid: STATEID, recall: false, permissions: ACE } },
      },
    },
  },
  {
    name: "a write delegation limited by size",
    hex: `${RESULT_HEX} 00000002 ${STATEID_HEX} 00000001 00000001 ffffffffffffffff ${ACE_HEX}`,
    value: {
      status: 0,
      resok4: {
        ...RESULT,
        delegation: {
          delegation_type: 2,
          write: {
            stateid: STATEID,
            recall: true,
            space_limit: { limitby: 1, filesize: 0xffff_ffff_ffff_ffffn },
            permissions: ACE,
          },
        },
      },
    },
  },
  {
    name: "a write delegation limited by blocks, with the times (RFC 9754)",
    hex: `${RESULT_HEX} 00000005 ${STATEID_HEX} 00000000 00000002 00000008 00001000 ${ACE_HEX}`,
    value: {
      status: 0,
      resok4: {
        ...RESULT,
        delegation: {
          delegation_type: 5,
          write: {
            stateid: STATEID,
            recall: false,
            space_limit: { limitby: 2, mod_blocks: { num_blocks: 8, bytes_per_block: 4096 } },
            permissions: ACE,
          },
        },
      },
    },
  },
  {
    name: "none, because not wanted: the reason has no flag",
    hex: `${RESULT_HEX} 00000003 00000000`,
    value: { status: 0, resok4: { ...RESULT, delegation: { delegation_type: 3, od_whynone: { ond_why: 0 } } } },
  },
  {
    name: "none, because of contention",
    hex: `${RESULT_HEX} 00000003 00000001 00000001`,
    value: {
      status: 0,
      resok4: {
        ...RESULT,
        delegation: { delegation_type: 3, od_whynone: { ond_why: 1, ond_server_will_push_deleg: true } },
      },
    },
  },
  {
    name: "none, for lack of resources",
    hex: `${RESULT_HEX} 00000003 00000002 00000000`,
    value: {
      status: 0,
      resok4: {
        ...RESULT,
        delegation: { delegation_type: 3, od_whynone: { ond_why: 2, ond_server_will_signal_avail: false } },
      },
    },
  },
  { name: "NFS4ERR_DELAY", hex: "00002718", value: { status: 10008 } },
]);

refused(OPEN4res, [{ hex: `${RESULT_HEX} 00000006`, message: "open_delegation4: no case 6", offset: 52 }]);

rows(CLOSE4res, [
  { name: "closed", hex: `00000000 ${STATEID_HEX}`, value: { status: 0, open_stateid: STATEID } },
  { name: "NFS4ERR_LOCKS_HELD", hex: "00002735", value: { status: 10037 } },
]);

rows(OPEN_DOWNGRADE4args, [
  {
    name: "to read only",
    hex: `${STATEID_HEX} 00000007 00000001 00000000`,
    value: { open_stateid: STATEID, seqid: 7, share_access: 1, share_deny: 0 },
  },
]);
