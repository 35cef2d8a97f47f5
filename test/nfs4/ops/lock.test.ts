import { LOCK4args, LOCK4res, LOCKT4args, LOCKT4res, LOCKU4args, LOCKU4res } from "../../../src/nfs4/ops/lock.ts";
import { fromHex } from "../../support/hex.ts";
import { STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const OWNER_HEX = "0000000000000011 00000002 61620000";
const OWNER = { clientid: 0x11n, owner: fromHex("6162") };
const RANGE_HEX = "0000000000000010 ffffffffffffffff";
const RANGE = { offset: 0x10n, length: 0xffff_ffff_ffff_ffffn };

rows(LOCK4args, [
  {
    name: "the first lock of an owner",
    hex: `00000002 00000000 ${RANGE_HEX} 00000001 00000005 ${STATEID_HEX} 00000006 ${OWNER_HEX}`,
    value: {
      locktype: 2,
      reclaim: false,
      ...RANGE,
      locker: {
        new_lock_owner: true,
        open_owner: { open_seqid: 5, open_stateid: STATEID, lock_seqid: 6, lock_owner: OWNER },
      },
    },
  },
  {
    name: "a further lock, reclaimed",
    hex: `00000003 00000001 ${RANGE_HEX} 00000000 ${STATEID_HEX} 00000007`,
    value: {
      locktype: 3,
      reclaim: true,
      ...RANGE,
      locker: { new_lock_owner: false, lock_owner: { lock_stateid: STATEID, lock_seqid: 7 } },
    },
  },
]);

const DENIED_HEX = `0000271a ${RANGE_HEX} 00000001 ${OWNER_HEX}`;
const DENIED = { ...RANGE, locktype: 1, owner: OWNER };

rows(LOCK4res, [
  { name: "locked", hex: `00000000 ${STATEID_HEX}`, value: { status: 0, resok4: { lock_stateid: STATEID } } },
  { name: "denied: says by whom", hex: DENIED_HEX, value: { status: 10010, denied: DENIED } },
  { name: "NFS4ERR_GRACE", hex: "0000271d", value: { status: 10013 } },
]);

rows(LOCKT4args, [
  { name: "a test", hex: `00000001 ${RANGE_HEX} ${OWNER_HEX}`, value: { locktype: 1, ...RANGE, owner: OWNER } },
]);
rows(LOCKT4res, [
  { name: "free", hex: "00000000", value: { status: 0 } },
  { name: "denied: says by whom", hex: DENIED_HEX, value: { status: 10010, denied: DENIED } },
]);

rows(LOCKU4args, [
  {
    name: "an unlock",
    hex: `00000002 00000001 ${STATEID_HEX} ${RANGE_HEX}`,
    value: { locktype: 2, seqid: 1, lock_stateid: STATEID, ...RANGE },
  },
]);
rows(LOCKU4res, [
  { name: "unlocked", hex: `00000000 ${STATEID_HEX}`, value: { status: 0, lock_stateid: STATEID } },
  { name: "NFS4ERR_BAD_STATEID", hex: "00002729", value: { status: 10025 } },
]);
