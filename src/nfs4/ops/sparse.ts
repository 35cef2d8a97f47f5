import { array, bool, enumeration, opaque, payload, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, count4, length4, nfsstat4, offset4, stateid4 } from "../types.ts";
import { stable_how4, write_response4 } from "../write-response.ts";

export const ALLOCATE4args = struct("ALLOCATE4args", { aa_stateid: stateid4, aa_offset: offset4, aa_length: length4 });
export const ALLOCATE4res = struct("ALLOCATE4res", { ar_status: nfsstat4 });

export const DEALLOCATE4args = struct("DEALLOCATE4args", {
  da_stateid: stateid4,
  da_offset: offset4,
  da_length: length4,
});
export const DEALLOCATE4res = struct("DEALLOCATE4res", { dr_status: nfsstat4 });

/** Bit numbers of iaa_hints and ior_hints. RFC 7862 §15.5 */
export const IO_ADVISE_type4 = enumeration("IO_ADVISE_type4", {
  IO_ADVISE4_NORMAL: 0,
  IO_ADVISE4_SEQUENTIAL: 1,
  IO_ADVISE4_SEQUENTIAL_BACKWARDS: 2,
  IO_ADVISE4_RANDOM: 3,
  IO_ADVISE4_WILLNEED: 4,
  IO_ADVISE4_WILLNEED_OPPORTUNISTIC: 5,
  IO_ADVISE4_DONTNEED: 6,
  IO_ADVISE4_NOREUSE: 7,
  IO_ADVISE4_READ: 8,
  IO_ADVISE4_WRITE: 9,
  IO_ADVISE4_INIT_PROXIMITY: 10,
});
export const IO_ADVISE4args = struct("IO_ADVISE4args", {
  iaa_stateid: stateid4,
  iaa_offset: offset4,
  iaa_count: length4,
  iaa_hints: bitmap4,
});
export const IO_ADVISE4resok = struct("IO_ADVISE4resok", { ior_hints: bitmap4 });
export const IO_ADVISE4res = result("IO_ADVISE4res", "ior_status", { resok4: IO_ADVISE4resok });

export const data_content4 = enumeration("data_content4", { NFS4_CONTENT_DATA: 0, NFS4_CONTENT_HOLE: 1 });
export const data4 = struct("data4", { d_offset: offset4, d_data: payload() });
export const data_info4 = struct("data_info4", { di_offset: offset4, di_length: length4 });
export const READ_PLUS4args = struct("READ_PLUS4args", {
  rpa_stateid: stateid4,
  rpa_offset: offset4,
  rpa_count: count4,
});
export type READ_PLUS4args = ValueOf<typeof READ_PLUS4args>;
export const read_plus_content = union(
  "read_plus_content",
  "rpc_content",
  data_content4,
  { NFS4_CONTENT_DATA: { rpc_data: data4 }, NFS4_CONTENT_HOLE: { rpc_hole: data_info4 } },
  voidType,
);
export const read_plus_res4 = struct("read_plus_res4", { rpr_eof: bool, rpr_contents: array(read_plus_content) });
export const READ_PLUS4res = result("READ_PLUS4res", "rp_status", { rp_resok4: read_plus_res4 });
export type READ_PLUS4res = ValueOf<typeof READ_PLUS4res>;

export const SEEK4args = struct("SEEK4args", { sa_stateid: stateid4, sa_offset: offset4, sa_what: data_content4 });
export const seek_res4 = struct("seek_res4", { sr_eof: bool, sr_offset: offset4 });
export const SEEK4res = result("SEEK4res", "sa_status", { resok4: seek_res4 });

/** A block and how often to write it. RFC 7862 §8.1.1 */
export const app_data_block4 = struct("app_data_block4", {
  adb_offset: offset4,
  adb_block_size: length4,
  adb_block_count: length4,
  adb_reloff_blocknum: length4,
  adb_block_num: count4,
  adb_reloff_pattern: length4,
  adb_pattern: opaque(),
});
export const WRITE_SAME4args = struct("WRITE_SAME4args", {
  wsa_stateid: stateid4,
  wsa_stable: stable_how4,
  wsa_adb: app_data_block4,
});
export const WRITE_SAME4res = result("WRITE_SAME4res", "wsr_status", { resok4: write_response4 });

/** Files with holes, space reservation and I/O advice. */
export const sparseOperations = [
  operation({ name: "ALLOCATE", rfc: "RFC 7862 §15.1", args: ALLOCATE4args, res: ALLOCATE4res }),
  operation({ name: "DEALLOCATE", rfc: "RFC 7862 §15.4", args: DEALLOCATE4args, res: DEALLOCATE4res }),
  operation({ name: "IO_ADVISE", rfc: "RFC 7862 §15.5", args: IO_ADVISE4args, res: IO_ADVISE4res }),
  operation({ name: "READ_PLUS", rfc: "RFC 7862 §15.10", args: READ_PLUS4args, res: READ_PLUS4res }),
  operation({ name: "SEEK", rfc: "RFC 7862 §15.11", args: SEEK4args, res: SEEK4res }),
  operation({ name: "WRITE_SAME", rfc: "RFC 7862 §15.12", args: WRITE_SAME4args, res: WRITE_SAME4res }),
];
