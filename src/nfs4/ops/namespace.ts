import { bool, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { nfs_ftype4, specdata4 } from "../attribute-types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, change_info4, component4, fattr4, linktext4, nfsstat4 } from "../types.ts";

export const createtype4 = union(
  "createtype4",
  "type",
  nfs_ftype4,
  {
    NF4LNK: { linkdata: linktext4 },
    NF4BLK: { devdata: specdata4 },
    NF4CHR: { devdata: specdata4 },
    NF4SOCK: voidType,
    NF4FIFO: voidType,
    NF4DIR: voidType,
  },
  // Any other type has no data; the server answers NFS4ERR_BADTYPE.
  voidType,
);
export const CREATE4args = struct("CREATE4args", { objtype: createtype4, objname: component4, createattrs: fattr4 });
export type CREATE4args = ValueOf<typeof CREATE4args>;
export const CREATE4resok = struct("CREATE4resok", { cinfo: change_info4, attrset: bitmap4 });
export const CREATE4res = result("CREATE4res", "status", { resok4: CREATE4resok });

export const LINK4args = struct("LINK4args", { newname: component4 });
export const LINK4resok = struct("LINK4resok", { cinfo: change_info4 });
export const LINK4res = result("LINK4res", "status", { resok4: LINK4resok });

export const LOOKUP4args = struct("LOOKUP4args", { objname: component4 });
export type LOOKUP4args = ValueOf<typeof LOOKUP4args>;
export const LOOKUP4res = struct("LOOKUP4res", { status: nfsstat4 });
export const LOOKUPP4res = struct("LOOKUPP4res", { status: nfsstat4 });

export const OPENATTR4args = struct("OPENATTR4args", { createdir: bool });
export const OPENATTR4res = struct("OPENATTR4res", { status: nfsstat4 });

export const READLINK4resok = struct("READLINK4resok", { link: linktext4 });
export const READLINK4res = result("READLINK4res", "status", { resok4: READLINK4resok });

export const REMOVE4args = struct("REMOVE4args", { target: component4 });
export type REMOVE4args = ValueOf<typeof REMOVE4args>;
export const REMOVE4resok = struct("REMOVE4resok", { cinfo: change_info4 });
export const REMOVE4res = result("REMOVE4res", "status", { resok4: REMOVE4resok });

export const RENAME4args = struct("RENAME4args", { oldname: component4, newname: component4 });
export type RENAME4args = ValueOf<typeof RENAME4args>;
export const RENAME4resok = struct("RENAME4resok", { source_cinfo: change_info4, target_cinfo: change_info4 });
export const RENAME4res = result("RENAME4res", "status", { resok4: RENAME4resok });

/** Names: looking them up, making and removing them. */
export const namespaceOperations = [
  operation({ name: "CREATE", rfc: "RFC 8881 §18.4", args: CREATE4args, res: CREATE4res }),
  operation({ name: "LINK", rfc: "RFC 8881 §18.9", args: LINK4args, res: LINK4res }),
  operation({ name: "LOOKUP", rfc: "RFC 8881 §18.13", args: LOOKUP4args, res: LOOKUP4res }),
  operation({ name: "LOOKUPP", rfc: "RFC 8881 §18.14", args: voidType, res: LOOKUPP4res }),
  operation({ name: "OPENATTR", rfc: "RFC 8881 §18.17", args: OPENATTR4args, res: OPENATTR4res }),
  operation({ name: "READLINK", rfc: "RFC 8881 §18.24", args: voidType, res: READLINK4res }),
  operation({ name: "REMOVE", rfc: "RFC 8881 §18.25", args: REMOVE4args, res: REMOVE4res }),
  operation({ name: "RENAME", rfc: "RFC 8881 §18.26", args: RENAME4args, res: RENAME4res }),
];
