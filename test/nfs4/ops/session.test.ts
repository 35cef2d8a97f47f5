import {
  BACKCHANNEL_CTL4args,
  BIND_CONN_TO_SESSION4args,
  BIND_CONN_TO_SESSION4res,
  CREATE_SESSION4args,
  CREATE_SESSION4res,
  DESTROY_CLIENTID4args,
  DESTROY_SESSION4args,
  EXCHANGE_ID4args,
  EXCHANGE_ID4res,
  FREE_STATEID4args,
  RECLAIM_COMPLETE4args,
  SET_SSV4args,
  SET_SSV4res,
  TEST_STATEID4args,
  TEST_STATEID4res,
} from "../../../src/nfs4/ops/session.ts";
import { fromHex } from "../../support/hex.ts";
import { refused, rows } from "../../support/xdr-rows.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

// The bytes marked "Linux" are those of a Linux 6.1 client mounting from knfsd, recorded for this project; the values
// are what Wireshark says of them.
const CLIENT_ID = 0x1821036b_23ea5709n;
const SESSION_ID = "1821036b23ea57090300000000000000";

rows(EXCHANGE_ID4args, [
  {
    name: "Linux",
    hex: `18ea6cf153f19cc6 00000022 4c696e7578204e465376342e31206c61622d636c69656e742d63312f6e66736c6162 0000
      00000101 00000000 00000001 0000000a 6b65726e656c2e6f7267 0000
      00000050 4c696e757820362e312e302d35362d616d64363420233120534d5020505245454d50545f44594e414d49432044656269616e
      20362e312e3139322d322028323032362d31312d313629207838365f3634 0000000000000000 00000000`,
    value: {
      eia_clientowner: {
        co_verifier: fromHex("18ea6cf153f19cc6"),
        co_ownerid: ascii("Linux NFSv4.1 lab-client-c1/nfslab"),
      },
      eia_flags: 0x101,
      eia_state_protect: { spa_how: 0 },
      eia_client_impl_id: [
        {
          nii_domain: "kernel.org",
          nii_name: "Linux 6.1.0-56-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16) x86_64",
          nii_date: { seconds: 0n, nseconds: 0 },
        },
      ],
    },
  },
  {
    name: "machine credential",
    hex: `0000000000000001 00000001 61000000 80000000
      00000001 00000002 00000000 3c000000 00000001 00000008
      00000000`,
    value: {
      eia_clientowner: { co_verifier: fromHex("0000000000000001"), co_ownerid: ascii("a") },
      eia_flags: 0x8000_0000,
      eia_state_protect: {
        spa_how: 1,
        spa_mach_ops: { spo_must_enforce: [0, 0x3c00_0000], spo_must_allow: [8] },
      },
      eia_client_impl_id: [],
    },
  },
  {
    name: "SSV",
    hex: `0000000000000001 00000000 00000000
      00000002 00000000 00000000 00000001 00000003 01020300 00000000 00000004 00000005
      00000000`,
    value: {
      eia_clientowner: { co_verifier: fromHex("0000000000000001"), co_ownerid: new Uint8Array(0) },
      eia_flags: 0,
      eia_state_protect: {
        spa_how: 2,
        spa_ssv_parms: {
          ssp_ops: { spo_must_enforce: [], spo_must_allow: [] },
          ssp_hash_algs: [Uint8Array.of(1, 2, 3)],
          ssp_encr_algs: [],
          ssp_window: 4,
          ssp_num_gss_handles: 5,
        },
      },
      eia_client_impl_id: [],
    },
  },
]);

refused(EXCHANGE_ID4args, [
  {
    hex: "0000000000000001 00000000 00000000 00000003 00000000",
    message: "state_protect4_a: no case 3",
    offset: 16,
  },
  { hex: "0000000000000001 00000401", message: "opaque<1024>: length 1025 exceeds 1024", offset: 8 },
  {
    hex: "0000000000000001 00000000 00000000 00000000 00000002",
    message: "nfs_impl_id4<1>: length 2 exceeds 1",
    offset: 20,
  },
]);

rows(EXCHANGE_ID4res, [
  {
    name: "Linux",
    hex: `00000000 1821036b23ea5709 00000001 00020001 00000000
      0000000000000000 00000006 6e66736c6162 0000 00000006 6e66736c6162 0000 00000000`,
    value: {
      eir_status: 0,
      eir_resok4: {
        eir_clientid: CLIENT_ID,
        eir_sequenceid: 1,
        eir_flags: 0x20001,
        eir_state_protect: { spr_how: 0 },
        eir_server_owner: { so_minor_id: 0n, so_major_id: ascii("nfslab") },
        eir_server_scope: ascii("nfslab"),
        eir_server_impl_id: [],
      },
    },
  },
  {
    name: "SSV",
    hex: `00000000 0000000000000001 00000000 00000000
      00000002 00000000 00000000 00000000 00000001 00000020 00000080 00000001 00000002 aabb0000
      0000000000000002 00000000 00000000 00000000`,
    value: {
      eir_status: 0,
      eir_resok4: {
        eir_clientid: 1n,
        eir_sequenceid: 0,
        eir_flags: 0,
        eir_state_protect: {
          spr_how: 2,
          spr_ssv_info: {
            spi_ops: { spo_must_enforce: [], spo_must_allow: [] },
            spi_hash_alg: 0,
            spi_encr_alg: 1,
            spi_ssv_len: 32,
            spi_window: 128,
            spi_handles: [Uint8Array.of(0xaa, 0xbb)],
          },
        },
        eir_server_owner: { so_minor_id: 2n, so_major_id: new Uint8Array(0) },
        eir_server_scope: new Uint8Array(0),
        eir_server_impl_id: [],
      },
    },
  },
  { name: "CLID_INUSE", hex: "00002721", value: { eir_status: 10_017 } },
]);

const foreAttributes = {
  ca_headerpadsize: 0,
  ca_maxrequestsize: 1_049_620,
  ca_maxresponsesize: 1_049_480,
  ca_maxresponsesize_cached: 7584,
  ca_maxoperations: 8,
  ca_maxrequests: 64,
  ca_rdma_ird: [],
};
const backAttributes = {
  ca_headerpadsize: 0,
  ca_maxrequestsize: 4096,
  ca_maxresponsesize: 4096,
  ca_maxresponsesize_cached: 0,
  ca_maxoperations: 2,
  ca_maxrequests: 16,
  ca_rdma_ird: [],
};

rows(CREATE_SESSION4args, [
  {
    name: "Linux",
    hex: `1821036b23ea5709 00000001 00000003
      00000000 00100414 00100388 00001da0 00000008 00000040 00000000
      00000000 00001000 00001000 00000000 00000002 00000010 00000000
      40000000 00000001 00000001 53f19cc6 00000006 6e66736c6162 0000 00000000 00000000 00000000`,
    value: {
      csa_clientid: CLIENT_ID,
      csa_sequence: 1,
      csa_flags: 3,
      csa_fore_chan_attrs: foreAttributes,
      csa_back_chan_attrs: backAttributes,
      csa_cb_program: 0x4000_0000,
      csa_sec_parms: [
        {
          cb_secflavor: 1,
          cbsp_sys_cred: { stamp: 1_408_343_238, machinename: "nfslab", uid: 0, gid: 0, gids: [] },
        },
      ],
    },
  },
  {
    name: "RDMA, no security and GSS",
    hex: `0000000000000001 00000000 00000004
      00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000020
      00000000 00000000 00000000 00000000 00000000 00000000 00000000
      00000005 00000002 00000000 00000006 00000002 00000001 aa000000 00000000`,
    value: {
      csa_clientid: 1n,
      csa_sequence: 0,
      csa_flags: 4,
      csa_fore_chan_attrs: {
        ca_headerpadsize: 0,
        ca_maxrequestsize: 0,
        ca_maxresponsesize: 0,
        ca_maxresponsesize_cached: 0,
        ca_maxoperations: 0,
        ca_maxrequests: 0,
        ca_rdma_ird: [32],
      },
      csa_back_chan_attrs: {
        ca_headerpadsize: 0,
        ca_maxrequestsize: 0,
        ca_maxresponsesize: 0,
        ca_maxresponsesize_cached: 0,
        ca_maxoperations: 0,
        ca_maxrequests: 0,
        ca_rdma_ird: [],
      },
      csa_cb_program: 5,
      csa_sec_parms: [
        { cb_secflavor: 0 },
        {
          cb_secflavor: 6,
          cbsp_gss_handles: {
            gcbp_service: 2,
            gcbp_handle_from_server: Uint8Array.of(0xaa),
            gcbp_handle_from_client: new Uint8Array(0),
          },
        },
      ],
    },
  },
]);

rows(CREATE_SESSION4res, [
  {
    name: "Linux",
    hex: `00000000 ${SESSION_ID} 00000001 00000002
      00000000 00100414 00100388 00000850 00000008 0000001e 00000000
      00000000 00001000 00001000 00000000 00000002 00000010 00000000`,
    value: {
      csr_status: 0,
      csr_resok4: {
        csr_sessionid: fromHex(SESSION_ID),
        csr_sequence: 1,
        csr_flags: 2,
        csr_fore_chan_attrs: { ...foreAttributes, ca_maxresponsesize_cached: 2128, ca_maxrequests: 30 },
        csr_back_chan_attrs: backAttributes,
      },
    },
  },
  { name: "SEQ_MISORDERED", hex: "0000274f", value: { csr_status: 10_063 } },
]);

rows(DESTROY_SESSION4args, [{ name: "Linux", hex: SESSION_ID, value: { dsa_sessionid: fromHex(SESSION_ID) } }]);
rows(DESTROY_CLIENTID4args, [{ name: "Linux", hex: "1821036b23ea5709", value: { dca_clientid: CLIENT_ID } }]);
rows(RECLAIM_COMPLETE4args, [{ name: "Linux", hex: "00000000", value: { rca_one_fs: false } }]);

rows(BIND_CONN_TO_SESSION4args, [
  {
    hex: `${SESSION_ID} 00000007 00000000`,
    value: { bctsa_sessid: fromHex(SESSION_ID), bctsa_dir: 7, bctsa_use_conn_in_rdma_mode: false },
  },
]);
rows(BIND_CONN_TO_SESSION4res, [
  {
    hex: `00000000 ${SESSION_ID} 00000003 00000000`,
    value: {
      bctsr_status: 0,
      bctsr_resok4: { bctsr_sessid: fromHex(SESSION_ID), bctsr_dir: 3, bctsr_use_conn_in_rdma_mode: false },
    },
  },
  { name: "BADSESSION", hex: "00002744", value: { bctsr_status: 10_052 } },
]);

rows(BACKCHANNEL_CTL4args, [
  { hex: "40000001 00000001 00000000", value: { bca_cb_program: 0x4000_0001, bca_sec_parms: [{ cb_secflavor: 0 }] } },
]);
refused(BACKCHANNEL_CTL4args, [
  { hex: "40000001 00000001 00000007", message: "callback_sec_parms4: no case 7", offset: 8 },
]);

rows(SET_SSV4args, [
  {
    hex: "00000002 aabb0000 00000001 cc000000",
    value: { ssa_ssv: Uint8Array.of(0xaa, 0xbb), ssa_digest: Uint8Array.of(0xcc) },
  },
]);
rows(SET_SSV4res, [
  { hex: "00000000 00000001 dd000000", value: { ssr_status: 0, ssr_resok4: { ssr_digest: Uint8Array.of(0xdd) } } },
  { hex: "00002723", value: { ssr_status: 10_019 } },
]);

const OTHER = "0102030405060708090a0b0c";
rows(FREE_STATEID4args, [{ hex: `00000001 ${OTHER}`, value: { fsa_stateid: { seqid: 1, other: fromHex(OTHER) } } }]);
rows(TEST_STATEID4args, [
  {
    hex: `00000002 00000001 ${OTHER} 00000000 ${OTHER}`,
    value: {
      ts_stateids: [
        { seqid: 1, other: fromHex(OTHER) },
        { seqid: 0, other: fromHex(OTHER) },
      ],
    },
  },
]);
rows(TEST_STATEID4res, [
  {
    hex: "00000000 00000002 00000000 00002729",
    value: { tsr_status: 0, tsr_resok4: { tsr_status_codes: [0, 10_025] } },
  },
]);
