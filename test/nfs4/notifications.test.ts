import { expect, test } from "vitest";
import { notify4, readDeviceNotifications, readNotifications } from "../../src/nfs4/notifications.ts";
import { fromHex } from "../support/hex.ts";
import { FATTR, FATTR_HEX } from "../support/nfs4-samples.ts";
import { rows } from "../support/xdr-rows.ts";

rows(notify4, [
  { name: "nothing", hex: "00000000 00000000", value: { notify_mask: [], notify_vals: new Uint8Array(0) } },
]);

const NAMED_HEX = (letter: string) => `00000001 ${letter}000000 ${FATTR_HEX}`;
const NAMED = (name: string) => ({ ne_file: name, ne_attrs: FATTR });

test("an entry renamed over another, and a new verifier", () => {
  const read = readNotifications({
    notify_mask: [0x30],
    notify_vals: fromHex(`${NAMED_HEX("61")} 0000000000000003
      00000001 ${NAMED_HEX("62")} 0000000000000004
      ${NAMED_HEX("62")} 00000001 0000000000000005 00000001 ${NAMED_HEX("63")} 0000000000000006 00000001
      0000000000000001 0000000000000002`),
  });
  expect(read).toEqual({
    known: {
      NOTIFY4_RENAME_ENTRY: {
        nrn_old_entry: { nrm_old_entry: NAMED("a"), nrm_old_entry_cookie: 3n },
        nrn_new_entry: {
          nad_old_entry: [{ nrm_old_entry: NAMED("b"), nrm_old_entry_cookie: 4n }],
          nad_new_entry: NAMED("b"),
          nad_new_entry_cookie: [5n],
          nad_prev_entry: [{ pe_prev_entry: NAMED("c"), pe_prev_entry_cookie: 6n }],
          nad_last_entry: true,
        },
      },
      NOTIFY4_CHANGE_COOKIE_VERIFIER: {
        nv_old_cookieverf: fromHex("0000000000000001"),
        nv_new_cookieverf: fromHex("0000000000000002"),
      },
    },
    unread: [],
    rest: new Uint8Array(0),
    trouble: null,
  });
});

test("a notification that is none", () => {
  expect(readNotifications({ notify_mask: [0x40], notify_vals: fromHex("00000001") })).toMatchObject({
    known: {},
    unread: [6],
    trouble: "bit 6 is unknown",
  });
});

test("devices changed and deleted", () => {
  const device = "00112233445566778899aabbccddeeff";
  const read = readDeviceNotifications({
    notify_mask: [0x6],
    notify_vals: fromHex(`00000001 ${device} 00000001 00000004 ${device}`),
  });
  expect(read.trouble).toBeNull();
  expect(read.known).toEqual({
    NOTIFY_DEVICEID4_CHANGE: { ndc_layouttype: 1, ndc_deviceid: fromHex(device), ndc_immediate: true },
    NOTIFY_DEVICEID4_DELETE: { ndd_layouttype: 4, ndd_deviceid: fromHex(device) },
  });
});

test("bit 0 is no device notification: zero is not assigned", () => {
  expect(readDeviceNotifications({ notify_mask: [1], notify_vals: new Uint8Array(0) }).unread).toEqual([0]);
});
