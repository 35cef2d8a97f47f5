import { array, bool, enumeration, opaque, struct, type ValueOf } from "../xdr/types.ts";
import { layouttype4 } from "./layout-types.ts";
import { type MaskedEntry, type MaskedValues, readMasked } from "./masked-values.ts";
import { bitmap4, component4, deviceid4, fattr4, nfs_cookie4, verifier4 } from "./types.ts";

/** A list of notifications: the mask says which, the opaque holds them in the order of the bits. RFC 8881 §20.4.1 */
export const notify4 = struct("notify4", { notify_mask: bitmap4, notify_vals: opaque() });
export type notify4 = ValueOf<typeof notify4>;

/** Bit numbers of CB_NOTIFY. RFC 8881 §20.4.1 */
export const notify_type4 = enumeration("notify_type4", {
  NOTIFY4_CHANGE_CHILD_ATTRS: 0,
  NOTIFY4_CHANGE_DIR_ATTRS: 1,
  NOTIFY4_REMOVE_ENTRY: 2,
  NOTIFY4_ADD_ENTRY: 3,
  NOTIFY4_RENAME_ENTRY: 4,
  NOTIFY4_CHANGE_COOKIE_VERIFIER: 5,
});
export const notify_entry4 = struct("notify_entry4", { ne_file: component4, ne_attrs: fattr4 });
export const prev_entry4 = struct("prev_entry4", {
  pe_prev_entry: notify_entry4,
  pe_prev_entry_cookie: nfs_cookie4,
});
export const notify_remove4 = struct("notify_remove4", {
  nrm_old_entry: notify_entry4,
  nrm_old_entry_cookie: nfs_cookie4,
});
export const notify_add4 = struct("notify_add4", {
  nad_old_entry: array(notify_remove4, 1),
  nad_new_entry: notify_entry4,
  nad_new_entry_cookie: array(nfs_cookie4, 1),
  nad_prev_entry: array(prev_entry4, 1),
  nad_last_entry: bool,
});
export const notify_attr4 = struct("notify_attr4", { na_changed_entry: notify_entry4 });
export const notify_rename4 = struct("notify_rename4", { nrn_old_entry: notify_remove4, nrn_new_entry: notify_add4 });
export const notify_verifier4 = struct("notify_verifier4", {
  nv_old_cookieverf: verifier4,
  nv_new_cookieverf: verifier4,
});

/** Bit numbers of CB_NOTIFY_DEVICEID. RFC 8881 §20.12.1 */
export const notify_deviceid_type4 = enumeration("notify_deviceid_type4", {
  NOTIFY_DEVICEID4_CHANGE: 1,
  NOTIFY_DEVICEID4_DELETE: 2,
});
export const notify_deviceid_delete4 = struct("notify_deviceid_delete4", {
  ndd_layouttype: layouttype4,
  ndd_deviceid: deviceid4,
});
export const notify_deviceid_change4 = struct("notify_deviceid_change4", {
  ndc_layouttype: layouttype4,
  ndc_deviceid: deviceid4,
  ndc_immediate: bool,
});

const DIRECTORY: Readonly<Record<string, MaskedEntry["type"]>> = {
  NOTIFY4_CHANGE_CHILD_ATTRS: notify_attr4,
  NOTIFY4_CHANGE_DIR_ATTRS: notify_attr4,
  NOTIFY4_REMOVE_ENTRY: notify_remove4,
  NOTIFY4_ADD_ENTRY: notify_add4,
  NOTIFY4_RENAME_ENTRY: notify_rename4,
  NOTIFY4_CHANGE_COOKIE_VERIFIER: notify_verifier4,
};
const DEVICE: Readonly<Record<string, MaskedEntry["type"]>> = {
  NOTIFY_DEVICEID4_CHANGE: notify_deviceid_change4,
  NOTIFY_DEVICEID4_DELETE: notify_deviceid_delete4,
};

/** The changes of one notify4 of CB_NOTIFY, by the name of their notify_type4. */
export function readNotifications(notify: notify4): MaskedValues {
  return readNamed(notify, (bit) => notify_type4.nameOf(bit), DIRECTORY);
}

/** The changes of one notify4 of CB_NOTIFY_DEVICEID, by the name of their notify_deviceid_type4. */
export function readDeviceNotifications(notify: notify4): MaskedValues {
  return readNamed(notify, (bit) => notify_deviceid_type4.nameOf(bit), DEVICE);
}

function readNamed(
  notify: notify4,
  nameOf: (bit: number) => string | undefined,
  types: Readonly<Record<string, MaskedEntry["type"]>>,
): MaskedValues {
  return readMasked(notify.notify_mask, notify.notify_vals, (bit) => {
    const name = nameOf(bit);
    return name === undefined ? undefined : { name, type: types[name] };
  });
}
