import {
  array,
  bitmap,
  bool,
  enumeration,
  fixedOpaque,
  int64,
  opaque,
  struct,
  uint32,
  uint64,
  union,
  utf8string,
  type ValueOf,
  voidType,
} from "../xdr/types.ts";
import {
  BITMAP4_WORDS_MAX,
  NFS4_DEVICEID4_SIZE,
  NFS4_FHSIZE,
  NFS4_OPAQUE_LIMIT,
  NFS4_OTHER_SIZE,
  NFS4_SESSIONID_SIZE,
  NFS4_VERIFIER_SIZE,
} from "./constants/limits.ts";
import { NFSSTAT4 } from "./constants/names.ts";

// Basic data types. RFC 8881 §3, RFC 5662 §1
export const nfsstat4 = enumeration("nfsstat4", NFSSTAT4);

export const attrlist4 = opaque();
export const bitmap4 = bitmap("bitmap4", BITMAP4_WORDS_MAX);
export const changeid4 = uint64;
export const clientid4 = uint64;
export const count4 = uint32;
export const length4 = uint64;
export const mode4 = uint32;
export const nfs_cookie4 = uint64;
export const nfs_fh4 = opaque(NFS4_FHSIZE);
export const offset4 = uint64;
export const qop4 = uint32;
export const sec_oid4 = opaque();
export const sequenceid4 = uint32;
export const seqid4 = uint32;
export const sessionid4 = fixedOpaque(NFS4_SESSIONID_SIZE);
export const slotid4 = uint32;
export const utf8str_cis = utf8string();
export const utf8str_cs = utf8string();
export const utf8str_mixed = utf8string();
export const component4 = utf8str_cs;
export const linktext4 = utf8str_cs;
export const pathname4 = array(component4);
export const verifier4 = fixedOpaque(NFS4_VERIFIER_SIZE);
export const deviceid4 = fixedOpaque(NFS4_DEVICEID4_SIZE);
export const gsshandle4_t = opaque();

export const nfstime4 = struct("nfstime4", { seconds: int64, nseconds: uint32 });
export type nfstime4 = ValueOf<typeof nfstime4>;

export const stateid4 = struct("stateid4", { seqid: uint32, other: fixedOpaque(NFS4_OTHER_SIZE) });
export type stateid4 = ValueOf<typeof stateid4>;

export const change_info4 = struct("change_info4", { atomic: bool, before: changeid4, after: changeid4 });
export type change_info4 = ValueOf<typeof change_info4>;

/** The attributes themselves are decoded by attributes.ts: their layout follows from the mask. */
export const fattr4 = struct("fattr4", { attrmask: bitmap4, attr_vals: attrlist4 });
export type fattr4 = ValueOf<typeof fattr4>;

export const netaddr4 = struct("netaddr4", { na_r_netid: utf8string(), na_r_addr: utf8string() });
export type netaddr4 = ValueOf<typeof netaddr4>;

export const state_owner4 = struct("state_owner4", { clientid: clientid4, owner: opaque(NFS4_OPAQUE_LIMIT) });
export type state_owner4 = ValueOf<typeof state_owner4>;
export const open_owner4 = state_owner4;
export const lock_owner4 = state_owner4;

export const client_owner4 = struct("client_owner4", { co_verifier: verifier4, co_ownerid: opaque(NFS4_OPAQUE_LIMIT) });
export type client_owner4 = ValueOf<typeof client_owner4>;

export const server_owner4 = struct("server_owner4", {
  so_minor_id: uint64,
  so_major_id: opaque(NFS4_OPAQUE_LIMIT),
});
export type server_owner4 = ValueOf<typeof server_owner4>;

export const nfs_impl_id4 = struct("nfs_impl_id4", {
  nii_domain: utf8str_cis,
  nii_name: utf8str_cs,
  nii_date: nfstime4,
});
export type nfs_impl_id4 = ValueOf<typeof nfs_impl_id4>;

export const channel_attrs4 = struct("channel_attrs4", {
  ca_headerpadsize: count4,
  ca_maxrequestsize: count4,
  ca_maxresponsesize: count4,
  ca_maxresponsesize_cached: count4,
  ca_maxoperations: count4,
  ca_maxrequests: count4,
  ca_rdma_ird: array(uint32, 1),
});
export type channel_attrs4 = ValueOf<typeof channel_attrs4>;

/** RFC 5531 §8.2 and appendix A */
export const authsys_parms = struct("authsys_parms", {
  stamp: uint32,
  machinename: utf8string(255),
  uid: uint32,
  gid: uint32,
  gids: array(uint32, 16),
});
export type authsys_parms = ValueOf<typeof authsys_parms>;

/** RFC 2203 §5.3.1 */
export const rpc_gss_svc_t = enumeration("rpc_gss_svc_t", {
  RPC_GSS_SVC_NONE: 1,
  RPC_GSS_SVC_INTEGRITY: 2,
  RPC_GSS_SVC_PRIVACY: 3,
});

export const gss_cb_handles4 = struct("gss_cb_handles4", {
  gcbp_service: rpc_gss_svc_t,
  gcbp_handle_from_server: gsshandle4_t,
  gcbp_handle_from_client: gsshandle4_t,
});
export type gss_cb_handles4 = ValueOf<typeof gss_cb_handles4>;

/** RFC 5531 §8.1 */
export const auth_flavor = enumeration("uint32_t", { AUTH_NONE: 0, AUTH_SYS: 1, RPCSEC_GSS: 6 });

export const callback_sec_parms4 = union("callback_sec_parms4", "cb_secflavor", auth_flavor, {
  AUTH_NONE: voidType,
  AUTH_SYS: { cbsp_sys_cred: authsys_parms },
  RPCSEC_GSS: { cbsp_gss_handles: gss_cb_handles4 },
});
export type callback_sec_parms4 = ValueOf<typeof callback_sec_parms4>;
