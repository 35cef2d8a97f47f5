// Attribute numbers: one declaration of each; types and names are in attributes.ts.

// RFC 8881 §5.6 and §5.7
export const FATTR4_SUPPORTED_ATTRS = 0;
export const FATTR4_TYPE = 1;
export const FATTR4_FH_EXPIRE_TYPE = 2;
export const FATTR4_CHANGE = 3;
export const FATTR4_SIZE = 4;
export const FATTR4_LINK_SUPPORT = 5;
export const FATTR4_SYMLINK_SUPPORT = 6;
export const FATTR4_NAMED_ATTR = 7;
export const FATTR4_FSID = 8;
export const FATTR4_UNIQUE_HANDLES = 9;
export const FATTR4_LEASE_TIME = 10;
export const FATTR4_RDATTR_ERROR = 11;
export const FATTR4_ACL = 12;
export const FATTR4_ACLSUPPORT = 13;
export const FATTR4_ARCHIVE = 14;
export const FATTR4_CANSETTIME = 15;
export const FATTR4_CASE_INSENSITIVE = 16;
export const FATTR4_CASE_PRESERVING = 17;
export const FATTR4_CHOWN_RESTRICTED = 18;
export const FATTR4_FILEHANDLE = 19;
export const FATTR4_FILEID = 20;
export const FATTR4_FILES_AVAIL = 21;
export const FATTR4_FILES_FREE = 22;
export const FATTR4_FILES_TOTAL = 23;
export const FATTR4_FS_LOCATIONS = 24;
export const FATTR4_HIDDEN = 25;
export const FATTR4_HOMOGENEOUS = 26;
export const FATTR4_MAXFILESIZE = 27;
export const FATTR4_MAXLINK = 28;
export const FATTR4_MAXNAME = 29;
export const FATTR4_MAXREAD = 30;
export const FATTR4_MAXWRITE = 31;
export const FATTR4_MIMETYPE = 32;
export const FATTR4_MODE = 33;
export const FATTR4_NO_TRUNC = 34;
export const FATTR4_NUMLINKS = 35;
export const FATTR4_OWNER = 36;
export const FATTR4_OWNER_GROUP = 37;
export const FATTR4_QUOTA_AVAIL_HARD = 38;
export const FATTR4_QUOTA_AVAIL_SOFT = 39;
export const FATTR4_QUOTA_USED = 40;
export const FATTR4_RAWDEV = 41;
export const FATTR4_SPACE_AVAIL = 42;
export const FATTR4_SPACE_FREE = 43;
export const FATTR4_SPACE_TOTAL = 44;
export const FATTR4_SPACE_USED = 45;
export const FATTR4_SYSTEM = 46;
export const FATTR4_TIME_ACCESS = 47;
export const FATTR4_TIME_ACCESS_SET = 48;
export const FATTR4_TIME_BACKUP = 49;
export const FATTR4_TIME_CREATE = 50;
export const FATTR4_TIME_DELTA = 51;
export const FATTR4_TIME_METADATA = 52;
export const FATTR4_TIME_MODIFY = 53;
export const FATTR4_TIME_MODIFY_SET = 54;
export const FATTR4_MOUNTED_ON_FILEID = 55;
export const FATTR4_DIR_NOTIF_DELAY = 56;
export const FATTR4_DIRENT_NOTIF_DELAY = 57;
export const FATTR4_DACL = 58;
export const FATTR4_SACL = 59;
export const FATTR4_CHANGE_POLICY = 60;
export const FATTR4_FS_STATUS = 61;
export const FATTR4_FS_LAYOUT_TYPES = 62;
export const FATTR4_LAYOUT_HINT = 63;
export const FATTR4_LAYOUT_TYPES = 64;
export const FATTR4_LAYOUT_BLKSIZE = 65;
export const FATTR4_LAYOUT_ALIGNMENT = 66;
export const FATTR4_FS_LOCATIONS_INFO = 67;
export const FATTR4_MDSTHRESHOLD = 68;
export const FATTR4_RETENTION_GET = 69;
export const FATTR4_RETENTION_SET = 70;
export const FATTR4_RETENTEVT_GET = 71;
export const FATTR4_RETENTEVT_SET = 72;
export const FATTR4_RETENTION_HOLD = 73;
export const FATTR4_MODE_SET_MASKED = 74;
export const FATTR4_SUPPATTR_EXCLCREAT = 75;
export const FATTR4_FS_CHARSET_CAP = 76;

// RFC 7862 §12.2
export const FATTR4_CLONE_BLKSIZE = 77;
export const FATTR4_SPACE_FREED = 78;
export const FATTR4_CHANGE_ATTR_TYPE = 79;
export const FATTR4_SEC_LABEL = 80;

// RFC 8275
export const FATTR4_MODE_UMASK = 81;

// RFC 8276 §8.2.1
export const FATTR4_XATTR_SUPPORT = 82;

// RFC 9754
export const FATTR4_OFFLINE = 83;
export const FATTR4_TIME_DELEG_ACCESS = 84;
export const FATTR4_TIME_DELEG_MODIFY = 85;
export const FATTR4_OPEN_ARGUMENTS = 86;
