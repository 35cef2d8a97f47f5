import { array, bool, enumeration, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { length4, netaddr4, nfsstat4, nfstime4, offset4, stateid4, utf8str_cis } from "../types.ts";
import { write_response4 } from "../write-response.ts";

export const CLONE4args = struct("CLONE4args", {
  cl_src_stateid: stateid4,
  cl_dst_stateid: stateid4,
  cl_src_offset: offset4,
  cl_dst_offset: offset4,
  cl_count: length4,
});
export const CLONE4res = struct("CLONE4res", { cl_status: nfsstat4 });

/** RFC 7862 §4.7 */
export const netloc_type4 = enumeration("netloc_type4", { NL4_NAME: 1, NL4_URL: 2, NL4_NETADDR: 3 });
export const netloc4 = union("netloc4", "nl_type", netloc_type4, {
  NL4_NAME: { nl_name: utf8str_cis },
  NL4_URL: { nl_url: utf8str_cis },
  NL4_NETADDR: { nl_addr: netaddr4 },
});

export const COPY4args = struct("COPY4args", {
  ca_src_stateid: stateid4,
  ca_dst_stateid: stateid4,
  ca_src_offset: offset4,
  ca_dst_offset: offset4,
  ca_count: length4,
  ca_consecutive: bool,
  ca_synchronous: bool,
  ca_source_server: array(netloc4),
});
export type COPY4args = ValueOf<typeof COPY4args>;
export const copy_requirements4 = struct("copy_requirements4", { cr_consecutive: bool, cr_synchronous: bool });
export const COPY4resok = struct("COPY4resok", { cr_response: write_response4, cr_requirements: copy_requirements4 });
export const COPY4res = union(
  "COPY4res",
  "cr_status",
  nfsstat4,
  { NFS4_OK: { cr_resok4: COPY4resok }, NFS4ERR_OFFLOAD_NO_REQS: { cr_requirements: copy_requirements4 } },
  voidType,
);
export type COPY4res = ValueOf<typeof COPY4res>;

export const COPY_NOTIFY4args = struct("COPY_NOTIFY4args", {
  cna_src_stateid: stateid4,
  cna_destination_server: netloc4,
});
export const COPY_NOTIFY4resok = struct("COPY_NOTIFY4resok", {
  cnr_lease_time: nfstime4,
  cnr_stateid: stateid4,
  cnr_source_server: array(netloc4),
});
export const COPY_NOTIFY4res = result("COPY_NOTIFY4res", "cnr_status", { resok4: COPY_NOTIFY4resok });

export const OFFLOAD_CANCEL4args = struct("OFFLOAD_CANCEL4args", { oca_stateid: stateid4 });
export const OFFLOAD_CANCEL4res = struct("OFFLOAD_CANCEL4res", { ocr_status: nfsstat4 });

export const OFFLOAD_STATUS4args = struct("OFFLOAD_STATUS4args", { osa_stateid: stateid4 });
export const OFFLOAD_STATUS4resok = struct("OFFLOAD_STATUS4resok", {
  osr_count: length4,
  osr_complete: array(nfsstat4, 1),
});
export const OFFLOAD_STATUS4res = result("OFFLOAD_STATUS4res", "osr_status", { osr_resok4: OFFLOAD_STATUS4resok });

/** Copies made by the server. */
export const copyOperations = [
  operation({ name: "CLONE", rfc: "RFC 7862 §15.13", args: CLONE4args, res: CLONE4res }),
  operation({ name: "COPY", rfc: "RFC 7862 §15.2", args: COPY4args, res: COPY4res }),
  operation({ name: "COPY_NOTIFY", rfc: "RFC 7862 §15.3", args: COPY_NOTIFY4args, res: COPY_NOTIFY4res }),
  operation({ name: "OFFLOAD_CANCEL", rfc: "RFC 7862 §15.8", args: OFFLOAD_CANCEL4args, res: OFFLOAD_CANCEL4res }),
  operation({ name: "OFFLOAD_STATUS", rfc: "RFC 7862 §15.9", args: OFFLOAD_STATUS4args, res: OFFLOAD_STATUS4res }),
];
