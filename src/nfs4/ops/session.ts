import { array, bool, enumeration, opaque, struct, uint32, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { NFS4_OPAQUE_LIMIT } from "../constants.ts";
import { operation } from "../operation.ts";
import {
  bitmap4,
  callback_sec_parms4,
  channel_attrs4,
  client_owner4,
  clientid4,
  gsshandle4_t,
  nfs_impl_id4,
  nfsstat4,
  sec_oid4,
  sequenceid4,
  server_owner4,
  sessionid4,
  slotid4,
  stateid4,
} from "../types.ts";

export const BACKCHANNEL_CTL4args = struct("BACKCHANNEL_CTL4args", {
  bca_cb_program: uint32,
  bca_sec_parms: array(callback_sec_parms4),
});
export const BACKCHANNEL_CTL4res = struct("BACKCHANNEL_CTL4res", { bcr_status: nfsstat4 });

export const channel_dir_from_client4 = enumeration("channel_dir_from_client4", {
  CDFC4_FORE: 1,
  CDFC4_BACK: 2,
  CDFC4_FORE_OR_BOTH: 3,
  CDFC4_BACK_OR_BOTH: 7,
});
export const BIND_CONN_TO_SESSION4args = struct("BIND_CONN_TO_SESSION4args", {
  bctsa_sessid: sessionid4,
  bctsa_dir: channel_dir_from_client4,
  bctsa_use_conn_in_rdma_mode: bool,
});
export type BIND_CONN_TO_SESSION4args = ValueOf<typeof BIND_CONN_TO_SESSION4args>;
export const channel_dir_from_server4 = enumeration("channel_dir_from_server4", {
  CDFS4_FORE: 1,
  CDFS4_BACK: 2,
  CDFS4_BOTH: 3,
});
export const BIND_CONN_TO_SESSION4resok = struct("BIND_CONN_TO_SESSION4resok", {
  bctsr_sessid: sessionid4,
  bctsr_dir: channel_dir_from_server4,
  bctsr_use_conn_in_rdma_mode: bool,
});
export const BIND_CONN_TO_SESSION4res = union(
  "BIND_CONN_TO_SESSION4res",
  "bctsr_status",
  nfsstat4,
  { NFS4_OK: { bctsr_resok4: BIND_CONN_TO_SESSION4resok } },
  voidType,
);
export type BIND_CONN_TO_SESSION4res = ValueOf<typeof BIND_CONN_TO_SESSION4res>;

export const state_protect_ops4 = struct("state_protect_ops4", {
  spo_must_enforce: bitmap4,
  spo_must_allow: bitmap4,
});
export const ssv_sp_parms4 = struct("ssv_sp_parms4", {
  ssp_ops: state_protect_ops4,
  ssp_hash_algs: array(sec_oid4),
  ssp_encr_algs: array(sec_oid4),
  ssp_window: uint32,
  ssp_num_gss_handles: uint32,
});
export const state_protect_how4 = enumeration("state_protect_how4", { SP4_NONE: 0, SP4_MACH_CRED: 1, SP4_SSV: 2 });
export const state_protect4_a = union("state_protect4_a", "spa_how", state_protect_how4, {
  SP4_NONE: voidType,
  SP4_MACH_CRED: { spa_mach_ops: state_protect_ops4 },
  SP4_SSV: { spa_ssv_parms: ssv_sp_parms4 },
});
export const EXCHANGE_ID4args = struct("EXCHANGE_ID4args", {
  eia_clientowner: client_owner4,
  eia_flags: uint32,
  eia_state_protect: state_protect4_a,
  eia_client_impl_id: array(nfs_impl_id4, 1),
});
export type EXCHANGE_ID4args = ValueOf<typeof EXCHANGE_ID4args>;
export const ssv_prot_info4 = struct("ssv_prot_info4", {
  spi_ops: state_protect_ops4,
  spi_hash_alg: uint32,
  spi_encr_alg: uint32,
  spi_ssv_len: uint32,
  spi_window: uint32,
  spi_handles: array(gsshandle4_t),
});
export const state_protect4_r = union("state_protect4_r", "spr_how", state_protect_how4, {
  SP4_NONE: voidType,
  SP4_MACH_CRED: { spr_mach_ops: state_protect_ops4 },
  SP4_SSV: { spr_ssv_info: ssv_prot_info4 },
});
export const EXCHANGE_ID4resok = struct("EXCHANGE_ID4resok", {
  eir_clientid: clientid4,
  eir_sequenceid: sequenceid4,
  eir_flags: uint32,
  eir_state_protect: state_protect4_r,
  eir_server_owner: server_owner4,
  eir_server_scope: opaque(NFS4_OPAQUE_LIMIT),
  eir_server_impl_id: array(nfs_impl_id4, 1),
});
export const EXCHANGE_ID4res = union(
  "EXCHANGE_ID4res",
  "eir_status",
  nfsstat4,
  { NFS4_OK: { eir_resok4: EXCHANGE_ID4resok } },
  voidType,
);
export type EXCHANGE_ID4res = ValueOf<typeof EXCHANGE_ID4res>;

export const CREATE_SESSION4args = struct("CREATE_SESSION4args", {
  csa_clientid: clientid4,
  csa_sequence: sequenceid4,
  csa_flags: uint32,
  csa_fore_chan_attrs: channel_attrs4,
  csa_back_chan_attrs: channel_attrs4,
  csa_cb_program: uint32,
  csa_sec_parms: array(callback_sec_parms4),
});
export type CREATE_SESSION4args = ValueOf<typeof CREATE_SESSION4args>;
export const CREATE_SESSION4resok = struct("CREATE_SESSION4resok", {
  csr_sessionid: sessionid4,
  csr_sequence: sequenceid4,
  csr_flags: uint32,
  csr_fore_chan_attrs: channel_attrs4,
  csr_back_chan_attrs: channel_attrs4,
});
export type CREATE_SESSION4resok = ValueOf<typeof CREATE_SESSION4resok>;
export const CREATE_SESSION4res = union(
  "CREATE_SESSION4res",
  "csr_status",
  nfsstat4,
  { NFS4_OK: { csr_resok4: CREATE_SESSION4resok } },
  voidType,
);
export type CREATE_SESSION4res = ValueOf<typeof CREATE_SESSION4res>;

export const DESTROY_SESSION4args = struct("DESTROY_SESSION4args", { dsa_sessionid: sessionid4 });
export const DESTROY_SESSION4res = struct("DESTROY_SESSION4res", { dsr_status: nfsstat4 });

export const FREE_STATEID4args = struct("FREE_STATEID4args", { fsa_stateid: stateid4 });
export const FREE_STATEID4res = struct("FREE_STATEID4res", { fsr_status: nfsstat4 });

/** SEQUENCE: ties a request to a slot. */
export const SEQUENCE4args = struct("SEQUENCE4args", {
  sa_sessionid: sessionid4,
  sa_sequenceid: sequenceid4,
  sa_slotid: slotid4,
  sa_highest_slotid: slotid4,
  sa_cachethis: bool,
});
export type SEQUENCE4args = ValueOf<typeof SEQUENCE4args>;
export const SEQUENCE4resok = struct("SEQUENCE4resok", {
  sr_sessionid: sessionid4,
  sr_sequenceid: sequenceid4,
  sr_slotid: slotid4,
  sr_highest_slotid: slotid4,
  sr_target_highest_slotid: slotid4,
  sr_status_flags: uint32,
});
export type SEQUENCE4resok = ValueOf<typeof SEQUENCE4resok>;
export const SEQUENCE4res = union(
  "SEQUENCE4res",
  "sr_status",
  nfsstat4,
  { NFS4_OK: { sr_resok4: SEQUENCE4resok } },
  voidType,
);

export const SET_SSV4args = struct("SET_SSV4args", { ssa_ssv: opaque(), ssa_digest: opaque() });
export const SET_SSV4resok = struct("SET_SSV4resok", { ssr_digest: opaque() });
export const SET_SSV4res = union(
  "SET_SSV4res",
  "ssr_status",
  nfsstat4,
  { NFS4_OK: { ssr_resok4: SET_SSV4resok } },
  voidType,
);

export const TEST_STATEID4args = struct("TEST_STATEID4args", { ts_stateids: array(stateid4) });
export const TEST_STATEID4resok = struct("TEST_STATEID4resok", { tsr_status_codes: array(nfsstat4) });
export const TEST_STATEID4res = union(
  "TEST_STATEID4res",
  "tsr_status",
  nfsstat4,
  { NFS4_OK: { tsr_resok4: TEST_STATEID4resok } },
  voidType,
);

export const DESTROY_CLIENTID4args = struct("DESTROY_CLIENTID4args", { dca_clientid: clientid4 });
export const DESTROY_CLIENTID4res = struct("DESTROY_CLIENTID4res", { dcr_status: nfsstat4 });

export const RECLAIM_COMPLETE4args = struct("RECLAIM_COMPLETE4args", { rca_one_fs: bool });
export const RECLAIM_COMPLETE4res = struct("RECLAIM_COMPLETE4res", { rcr_status: nfsstat4 });

/** Client IDs, sessions, and what hangs on them. */
export const sessionOperations = [
  operation({
    name: "BACKCHANNEL_CTL",
    rfc: "RFC 8881 §18.33",
    args: BACKCHANNEL_CTL4args,
    res: BACKCHANNEL_CTL4res,
  }),
  operation({
    name: "BIND_CONN_TO_SESSION",
    rfc: "RFC 8881 §18.34",
    args: BIND_CONN_TO_SESSION4args,
    res: BIND_CONN_TO_SESSION4res,
  }),
  operation({ name: "EXCHANGE_ID", rfc: "RFC 8881 §18.35", args: EXCHANGE_ID4args, res: EXCHANGE_ID4res }),
  operation({ name: "CREATE_SESSION", rfc: "RFC 8881 §18.36", args: CREATE_SESSION4args, res: CREATE_SESSION4res }),
  operation({ name: "DESTROY_SESSION", rfc: "RFC 8881 §18.37", args: DESTROY_SESSION4args, res: DESTROY_SESSION4res }),
  operation({ name: "FREE_STATEID", rfc: "RFC 8881 §18.38", args: FREE_STATEID4args, res: FREE_STATEID4res }),
  operation({ name: "SEQUENCE", rfc: "RFC 8881 §18.46", args: SEQUENCE4args, res: SEQUENCE4res }),
  operation({ name: "SET_SSV", rfc: "RFC 8881 §18.47", args: SET_SSV4args, res: SET_SSV4res }),
  operation({ name: "TEST_STATEID", rfc: "RFC 8881 §18.48", args: TEST_STATEID4args, res: TEST_STATEID4res }),
  operation({
    name: "DESTROY_CLIENTID",
    rfc: "RFC 8881 §18.50",
    args: DESTROY_CLIENTID4args,
    res: DESTROY_CLIENTID4res,
  }),
  operation({
    name: "RECLAIM_COMPLETE",
    rfc: "RFC 8881 §18.51",
    args: RECLAIM_COMPLETE4args,
    res: RECLAIM_COMPLETE4res,
  }),
];
