import { array, bool, type Type, uint32, uint64, type ValueOf } from "../xdr/types.ts";
import {
  change_attr_type4,
  change_policy4,
  fs4_status,
  fsid4,
  mdsthreshold4,
  mode_masked4,
  mode_umask4,
  nfs_ftype4,
  nfsace4,
  nfsacl41,
  open_arguments4,
  retention_get4,
  retention_set4,
  sec_label4,
  settime4,
  specdata4,
} from "./attribute-types.ts";
import * as n from "./constants/attributes.ts";
import { fs_locations_info4, fs_locations4 } from "./fs-locations.ts";
import { layouthint4, layouttype4 } from "./layout-types.ts";
import { bitmap4, changeid4, length4, mode4, nfs_fh4, nfsstat4, nfstime4, utf8str_cs, utf8str_mixed } from "./types.ts";

/** One file attribute. */
export interface Attribute<N extends number = number, T = unknown> {
  readonly number: N;
  readonly type: Type<T>;
  /** The RFC and the section that define it. */
  readonly rfc: string;
}

function attribute<const N extends number, T>(number: N, type: Type<T>, rfc: string): Attribute<N, T> {
  return { number, type, rfc };
}

/** Every attribute by its RFC name, in the order of the wire. */
export const ATTRIBUTES = {
  supported_attrs: attribute(n.FATTR4_SUPPORTED_ATTRS, bitmap4, "RFC 8881 §5.8.1.1"),
  type: attribute(n.FATTR4_TYPE, nfs_ftype4, "RFC 8881 §5.8.1.2"),
  fh_expire_type: attribute(n.FATTR4_FH_EXPIRE_TYPE, uint32, "RFC 8881 §5.8.1.3"),
  change: attribute(n.FATTR4_CHANGE, changeid4, "RFC 8881 §5.8.1.4"),
  size: attribute(n.FATTR4_SIZE, uint64, "RFC 8881 §5.8.1.5"),
  link_support: attribute(n.FATTR4_LINK_SUPPORT, bool, "RFC 8881 §5.8.1.6"),
  symlink_support: attribute(n.FATTR4_SYMLINK_SUPPORT, bool, "RFC 8881 §5.8.1.7"),
  named_attr: attribute(n.FATTR4_NAMED_ATTR, bool, "RFC 8881 §5.8.1.8"),
  fsid: attribute(n.FATTR4_FSID, fsid4, "RFC 8881 §5.8.1.9"),
  unique_handles: attribute(n.FATTR4_UNIQUE_HANDLES, bool, "RFC 8881 §5.8.1.10"),
  lease_time: attribute(n.FATTR4_LEASE_TIME, uint32, "RFC 8881 §5.8.1.11"),
  rdattr_error: attribute(n.FATTR4_RDATTR_ERROR, nfsstat4, "RFC 8881 §5.8.1.12"),
  acl: attribute(n.FATTR4_ACL, array(nfsace4), "RFC 8881 §6.2.1"),
  aclsupport: attribute(n.FATTR4_ACLSUPPORT, uint32, "RFC 8881 §6.2.1.2"),
  archive: attribute(n.FATTR4_ARCHIVE, bool, "RFC 8881 §5.8.2.1"),
  cansettime: attribute(n.FATTR4_CANSETTIME, bool, "RFC 8881 §5.8.2.2"),
  case_insensitive: attribute(n.FATTR4_CASE_INSENSITIVE, bool, "RFC 8881 §5.8.2.3"),
  case_preserving: attribute(n.FATTR4_CASE_PRESERVING, bool, "RFC 8881 §5.8.2.4"),
  chown_restricted: attribute(n.FATTR4_CHOWN_RESTRICTED, bool, "RFC 8881 §5.8.2.6"),
  filehandle: attribute(n.FATTR4_FILEHANDLE, nfs_fh4, "RFC 8881 §5.8.1.13"),
  fileid: attribute(n.FATTR4_FILEID, uint64, "RFC 8881 §5.8.2.7"),
  files_avail: attribute(n.FATTR4_FILES_AVAIL, uint64, "RFC 8881 §5.8.2.8"),
  files_free: attribute(n.FATTR4_FILES_FREE, uint64, "RFC 8881 §5.8.2.9"),
  files_total: attribute(n.FATTR4_FILES_TOTAL, uint64, "RFC 8881 §5.8.2.10"),
  fs_locations: attribute(n.FATTR4_FS_LOCATIONS, fs_locations4, "RFC 8881 §5.8.2.12"),
  hidden: attribute(n.FATTR4_HIDDEN, bool, "RFC 8881 §5.8.2.15"),
  homogeneous: attribute(n.FATTR4_HOMOGENEOUS, bool, "RFC 8881 §5.8.2.16"),
  maxfilesize: attribute(n.FATTR4_MAXFILESIZE, uint64, "RFC 8881 §5.8.2.17"),
  maxlink: attribute(n.FATTR4_MAXLINK, uint32, "RFC 8881 §5.8.2.18"),
  maxname: attribute(n.FATTR4_MAXNAME, uint32, "RFC 8881 §5.8.2.19"),
  maxread: attribute(n.FATTR4_MAXREAD, uint64, "RFC 8881 §5.8.2.20"),
  maxwrite: attribute(n.FATTR4_MAXWRITE, uint64, "RFC 8881 §5.8.2.21"),
  mimetype: attribute(n.FATTR4_MIMETYPE, utf8str_cs, "RFC 8881 §5.8.2.22"),
  mode: attribute(n.FATTR4_MODE, mode4, "RFC 8881 §6.2.4"),
  no_trunc: attribute(n.FATTR4_NO_TRUNC, bool, "RFC 8881 §5.8.2.24"),
  numlinks: attribute(n.FATTR4_NUMLINKS, uint32, "RFC 8881 §5.8.2.25"),
  owner: attribute(n.FATTR4_OWNER, utf8str_mixed, "RFC 8881 §5.8.2.26"),
  owner_group: attribute(n.FATTR4_OWNER_GROUP, utf8str_mixed, "RFC 8881 §5.8.2.27"),
  quota_avail_hard: attribute(n.FATTR4_QUOTA_AVAIL_HARD, uint64, "RFC 8881 §5.8.2.28"),
  quota_avail_soft: attribute(n.FATTR4_QUOTA_AVAIL_SOFT, uint64, "RFC 8881 §5.8.2.29"),
  quota_used: attribute(n.FATTR4_QUOTA_USED, uint64, "RFC 8881 §5.8.2.30"),
  rawdev: attribute(n.FATTR4_RAWDEV, specdata4, "RFC 8881 §5.8.2.31"),
  space_avail: attribute(n.FATTR4_SPACE_AVAIL, uint64, "RFC 8881 §5.8.2.32"),
  space_free: attribute(n.FATTR4_SPACE_FREE, uint64, "RFC 8881 §5.8.2.33"),
  space_total: attribute(n.FATTR4_SPACE_TOTAL, uint64, "RFC 8881 §5.8.2.34"),
  space_used: attribute(n.FATTR4_SPACE_USED, uint64, "RFC 8881 §5.8.2.35"),
  system: attribute(n.FATTR4_SYSTEM, bool, "RFC 8881 §5.8.2.36"),
  time_access: attribute(n.FATTR4_TIME_ACCESS, nfstime4, "RFC 8881 §5.8.2.37"),
  time_access_set: attribute(n.FATTR4_TIME_ACCESS_SET, settime4, "RFC 8881 §5.8.2.38"),
  time_backup: attribute(n.FATTR4_TIME_BACKUP, nfstime4, "RFC 8881 §5.8.2.39"),
  time_create: attribute(n.FATTR4_TIME_CREATE, nfstime4, "RFC 8881 §5.8.2.40"),
  time_delta: attribute(n.FATTR4_TIME_DELTA, nfstime4, "RFC 8881 §5.8.2.41"),
  time_metadata: attribute(n.FATTR4_TIME_METADATA, nfstime4, "RFC 8881 §5.8.2.42"),
  time_modify: attribute(n.FATTR4_TIME_MODIFY, nfstime4, "RFC 8881 §5.8.2.43"),
  time_modify_set: attribute(n.FATTR4_TIME_MODIFY_SET, settime4, "RFC 8881 §5.8.2.44"),
  mounted_on_fileid: attribute(n.FATTR4_MOUNTED_ON_FILEID, uint64, "RFC 8881 §5.8.2.23"),
  dir_notif_delay: attribute(n.FATTR4_DIR_NOTIF_DELAY, nfstime4, "RFC 8881 §5.11.1"),
  dirent_notif_delay: attribute(n.FATTR4_DIRENT_NOTIF_DELAY, nfstime4, "RFC 8881 §5.11.2"),
  dacl: attribute(n.FATTR4_DACL, nfsacl41, "RFC 8881 §6.2.2"),
  sacl: attribute(n.FATTR4_SACL, nfsacl41, "RFC 8881 §6.2.3"),
  change_policy: attribute(n.FATTR4_CHANGE_POLICY, change_policy4, "RFC 8881 §5.8.2.5"),
  fs_status: attribute(n.FATTR4_FS_STATUS, fs4_status, "RFC 8881 §5.8.2.14"),
  fs_layout_types: attribute(n.FATTR4_FS_LAYOUT_TYPES, array(layouttype4), "RFC 8881 §5.12.1"),
  layout_hint: attribute(n.FATTR4_LAYOUT_HINT, layouthint4, "RFC 8881 §5.12.4"),
  layout_types: attribute(n.FATTR4_LAYOUT_TYPES, array(layouttype4), "RFC 8881 §5.12.5"),
  layout_blksize: attribute(n.FATTR4_LAYOUT_BLKSIZE, uint32, "RFC 8881 §5.12.3"),
  layout_alignment: attribute(n.FATTR4_LAYOUT_ALIGNMENT, uint32, "RFC 8881 §5.12.2"),
  fs_locations_info: attribute(n.FATTR4_FS_LOCATIONS_INFO, fs_locations_info4, "RFC 8881 §5.8.2.13"),
  mdsthreshold: attribute(n.FATTR4_MDSTHRESHOLD, mdsthreshold4, "RFC 8881 §5.12.6"),
  retention_get: attribute(n.FATTR4_RETENTION_GET, retention_get4, "RFC 8881 §5.13.1"),
  retention_set: attribute(n.FATTR4_RETENTION_SET, retention_set4, "RFC 8881 §5.13.2"),
  retentevt_get: attribute(n.FATTR4_RETENTEVT_GET, retention_get4, "RFC 8881 §5.13.3"),
  retentevt_set: attribute(n.FATTR4_RETENTEVT_SET, retention_set4, "RFC 8881 §5.13.4"),
  retention_hold: attribute(n.FATTR4_RETENTION_HOLD, uint64, "RFC 8881 §5.13.5"),
  mode_set_masked: attribute(n.FATTR4_MODE_SET_MASKED, mode_masked4, "RFC 8881 §6.2.5"),
  suppattr_exclcreat: attribute(n.FATTR4_SUPPATTR_EXCLCREAT, bitmap4, "RFC 8881 §5.8.1.14"),
  fs_charset_cap: attribute(n.FATTR4_FS_CHARSET_CAP, uint32, "RFC 8881 §5.8.2.11"),
  clone_blksize: attribute(n.FATTR4_CLONE_BLKSIZE, uint32, "RFC 7862 §12.2.1"),
  space_freed: attribute(n.FATTR4_SPACE_FREED, length4, "RFC 7862 §12.2.2"),
  change_attr_type: attribute(n.FATTR4_CHANGE_ATTR_TYPE, change_attr_type4, "RFC 7862 §12.2.3"),
  sec_label: attribute(n.FATTR4_SEC_LABEL, sec_label4, "RFC 7862 §12.2.4"),
  mode_umask: attribute(n.FATTR4_MODE_UMASK, mode_umask4, "RFC 8275"),
  xattr_support: attribute(n.FATTR4_XATTR_SUPPORT, bool, "RFC 8276 §8.2.1"),
  offline: attribute(n.FATTR4_OFFLINE, bool, "RFC 9754"),
  time_deleg_access: attribute(n.FATTR4_TIME_DELEG_ACCESS, nfstime4, "RFC 9754"),
  time_deleg_modify: attribute(n.FATTR4_TIME_DELEG_MODIFY, nfstime4, "RFC 9754"),
  open_arguments: attribute(n.FATTR4_OPEN_ARGUMENTS, open_arguments4, "RFC 9754"),
} as const;

export type AttributeName = keyof typeof ATTRIBUTES;
export type AttributeNumber = (typeof ATTRIBUTES)[AttributeName]["number"];
/** Values by attribute name. */
export type AttributeValues = { [K in AttributeName]?: ValueOf<(typeof ATTRIBUTES)[K]["type"]> };
/** The value of the attribute of that number. */
export type AttributeValue<N extends AttributeNumber> = ValueOf<
  Extract<(typeof ATTRIBUTES)[AttributeName], { number: N }>["type"]
>;

/** An attribute and its name. */
export interface NamedAttribute extends Attribute {
  readonly name: AttributeName;
}

const byNumber: NamedAttribute[] = [];
for (const [name, each] of Object.entries(ATTRIBUTES)) {
  byNumber[each.number] = { name: name as AttributeName, ...(each as Attribute) };
}

/** The attribute of that number, if we know it. */
export function attributeNumbered(number: number): NamedAttribute | undefined {
  return byNumber[number];
}

/** `size`, or the number where it has no name. */
export function attributeName(number: number): string {
  return byNumber[number]?.name ?? `attribute ${number}`;
}
