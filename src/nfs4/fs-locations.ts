import { array, int32, opaque, struct, uint32 } from "../xdr/types.ts";
import { pathname4, utf8str_cis } from "./types.ts";

/** The fs_locations attribute. RFC 8881 §11.16 */
export const fs_location4 = struct("fs_location4", { server: array(utf8str_cis), rootpath: pathname4 });
export const fs_locations4 = struct("fs_locations4", { fs_root: pathname4, locations: array(fs_location4) });

/** The fs_locations_info attribute. RFC 8881 §11.17 */
export const fs_locations_server4 = struct("fs_locations_server4", {
  fls_currency: int32,
  fls_info: opaque(),
  fls_server: utf8str_cis,
});
export const fs_locations_item4 = struct("fs_locations_item4", {
  fli_entries: array(fs_locations_server4),
  fli_rootpath: pathname4,
});
export const fs_locations_info4 = struct("fs_locations_info4", {
  fli_flags: uint32,
  fli_valid_for: int32,
  fli_fs_root: pathname4,
  fli_items: array(fs_locations_item4),
});
