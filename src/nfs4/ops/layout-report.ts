import { array, enumeration, struct, uint64 } from "../../xdr/types.ts";
import { NFS_OPNUM4 } from "../constants.ts";
import { layoutupdate4 } from "../layout-types.ts";
import { operation } from "../operation.ts";
import { deviceid4, length4, nfsstat4, offset4, stateid4 } from "../types.ts";

export const nfs_opnum4 = enumeration("nfs_opnum4", NFS_OPNUM4);
export const device_error4 = struct("device_error4", {
  de_deviceid: deviceid4,
  de_status: nfsstat4,
  de_opnum: nfs_opnum4,
});
export const LAYOUTERROR4args = struct("LAYOUTERROR4args", {
  lea_offset: offset4,
  lea_length: length4,
  lea_stateid: stateid4,
  lea_errors: array(device_error4),
});
export const LAYOUTERROR4res = struct("LAYOUTERROR4res", { ler_status: nfsstat4 });

export const io_info4 = struct("io_info4", { ii_count: uint64, ii_bytes: uint64 });
export const LAYOUTSTATS4args = struct("LAYOUTSTATS4args", {
  lsa_offset: offset4,
  lsa_length: length4,
  lsa_stateid: stateid4,
  lsa_read: io_info4,
  lsa_write: io_info4,
  lsa_deviceid: deviceid4,
  lsa_layoutupdate: layoutupdate4,
});
export const LAYOUTSTATS4res = struct("LAYOUTSTATS4res", { lsr_status: nfsstat4 });

/** What a client tells of its work with a layout. */
export const layoutReportOperations = [
  operation({ name: "LAYOUTERROR", rfc: "RFC 7862 §15.6", args: LAYOUTERROR4args, res: LAYOUTERROR4res }),
  operation({ name: "LAYOUTSTATS", rfc: "RFC 7862 §15.7", args: LAYOUTSTATS4args, res: LAYOUTSTATS4res }),
];
