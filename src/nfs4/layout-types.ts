import { enumeration, opaque, struct } from "../xdr/types.ts";
import { length4, offset4 } from "./types.ts";

// What layout operations, callbacks and attributes share. Bodies stay opaque: each layout type has an RFC of its own.
// RFC 8881 §3.3.13 to §3.3.20

/** Numbers 4 and 5 were assigned by RFC 8435 and RFC 8154. */
export const layouttype4 = enumeration("layouttype4", {
  LAYOUT4_NFSV4_1_FILES: 1,
  LAYOUT4_OSD2_OBJECTS: 2,
  LAYOUT4_BLOCK_VOLUME: 3,
  LAYOUT4_FLEX_FILES: 4,
  LAYOUT4_SCSI: 5,
});
export const layoutiomode4 = enumeration("layoutiomode4", {
  LAYOUTIOMODE4_READ: 1,
  LAYOUTIOMODE4_RW: 2,
  LAYOUTIOMODE4_ANY: 3,
});
export const layout_content4 = struct("layout_content4", { loc_type: layouttype4, loc_body: opaque() });
export const layouthint4 = struct("layouthint4", { loh_type: layouttype4, loh_body: opaque() });
export const layout4 = struct("layout4", {
  lo_offset: offset4,
  lo_length: length4,
  lo_iomode: layoutiomode4,
  lo_content: layout_content4,
});
export const layoutupdate4 = struct("layoutupdate4", { lou_type: layouttype4, lou_body: opaque() });
export const device_addr4 = struct("device_addr4", { da_layout_type: layouttype4, da_addr_body: opaque() });
