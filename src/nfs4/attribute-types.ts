import { array, bool, enumeration, int32, opaque, struct, uint32, uint64, union, voidType } from "../xdr/types.ts";
import { layouttype4 } from "./layout-types.ts";
import { bitmap4, mode4, nfstime4, utf8str_cs, utf8str_mixed } from "./types.ts";

// Types of file attributes; some serve operations as well. RFC 8881 §3.3, §5 and §6, RFC 5662 §1

export const nfs_ftype4 = enumeration("nfs_ftype4", {
  NF4REG: 1,
  NF4DIR: 2,
  NF4BLK: 3,
  NF4CHR: 4,
  NF4LNK: 5,
  NF4SOCK: 6,
  NF4FIFO: 7,
  NF4ATTRDIR: 8,
  NF4NAMEDATTR: 9,
});
export const fsid4 = struct("fsid4", { major: uint64, minor: uint64 });
export const specdata4 = struct("specdata4", { specdata1: uint32, specdata2: uint32 });
export const change_policy4 = struct("change_policy4", { cp_major: uint64, cp_minor: uint64 });

export const time_how4 = enumeration("time_how4", { SET_TO_SERVER_TIME4: 0, SET_TO_CLIENT_TIME4: 1 });
export const settime4 = union("settime4", "set_it", time_how4, { SET_TO_CLIENT_TIME4: { time: nfstime4 } }, voidType);

export const mode_masked4 = struct("mode_masked4", { mm_value_to_set: mode4, mm_mask_bits: mode4 });
/** RFC 8275 */
export const mode_umask4 = struct("mode_umask4", { mu_mode: mode4, mu_umask: mode4 });

export const acetype4 = enumeration("acetype4", {
  ACE4_ACCESS_ALLOWED_ACE_TYPE: 0,
  ACE4_ACCESS_DENIED_ACE_TYPE: 1,
  ACE4_SYSTEM_AUDIT_ACE_TYPE: 2,
  ACE4_SYSTEM_ALARM_ACE_TYPE: 3,
});
export const aceflag4 = uint32;
export const acemask4 = uint32;
export const aclflag4 = uint32;
export const nfsace4 = struct("nfsace4", {
  type: acetype4,
  flag: aceflag4,
  access_mask: acemask4,
  who: utf8str_mixed,
});
export const nfsacl41 = struct("nfsacl41", { na41_flag: aclflag4, na41_aces: array(nfsace4) });

export const fs4_status_type = enumeration("fs4_status_type", {
  STATUS4_FIXED: 1,
  STATUS4_UPDATED: 2,
  STATUS4_VERSIONED: 3,
  STATUS4_WRITABLE: 4,
  STATUS4_REFERRAL: 5,
});
export const fs4_status = struct("fs4_status", {
  fss_absent: bool,
  fss_type: fs4_status_type,
  fss_source: utf8str_cs,
  fss_current: utf8str_cs,
  fss_age: int32,
  fss_version: nfstime4,
});

export const threshold_item4 = struct("threshold_item4", {
  thi_layout_type: layouttype4,
  thi_hintset: bitmap4,
  thi_hintlist: opaque(),
});
export const mdsthreshold4 = struct("mdsthreshold4", { mth_hints: array(threshold_item4) });

export const retention_get4 = struct("retention_get4", { rg_duration: uint64, rg_begin_time: array(nfstime4, 1) });
export const retention_set4 = struct("retention_set4", { rs_enable: bool, rs_duration: array(uint64, 1) });

/** RFC 7862 §12.2.3 */
export const change_attr_type4 = enumeration("change_attr_type4", {
  NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR: 0,
  NFS4_CHANGE_TYPE_IS_VERSION_COUNTER: 1,
  NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS: 2,
  NFS4_CHANGE_TYPE_IS_TIME_METADATA: 3,
  NFS4_CHANGE_TYPE_IS_UNDEFINED: 4,
});
/** RFC 7862 §12.2.4 */
export const labelformat_spec4 = struct("labelformat_spec4", { lfs_lfs: uint32, lfs_pi: uint32 });
export const sec_label4 = struct("sec_label4", { slai_lfs: labelformat_spec4, slai_data: opaque() });

/** What arguments of OPEN a server supports, as bit numbers. RFC 9754 */
export const open_arguments4 = struct("open_arguments4", {
  oa_share_access: bitmap4,
  oa_share_deny: bitmap4,
  oa_share_access_want: bitmap4,
  oa_open_claim: bitmap4,
  oa_create_mode: bitmap4,
});
