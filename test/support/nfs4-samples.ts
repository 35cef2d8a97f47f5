import { fromHex } from "./hex.ts";

/** A stateid and its sixteen bytes. */
export const STATEID_HEX = "00000001 0a0b0c0d 00000002 00000003";
export const STATEID = { seqid: 1, other: fromHex("0a0b0c0d 00000002 00000003") };

/** A change_info4: atomic, 1 to 2. */
export const CINFO_HEX = "00000001 0000000000000001 0000000000000002";
export const CINFO = { atomic: true, before: 1n, after: 2n };

/** A fattr4 with size 5 and mode 0644. */
export const FATTR_HEX = "00000002 00000010 00000002 0000000c 0000000000000005 000001a4";
export const FATTR = { attrmask: [0x10, 0x2], attr_vals: fromHex("0000000000000005 000001a4") };

/** A five-byte filehandle. */
export const FH_HEX = "00000005 66682d31 32000000";
export const FH = fromHex("66682d3132");

export const VERIFIER_HEX = "0102030405060708";
export const VERIFIER = fromHex(VERIFIER_HEX);

/** An nfsace4 that allows EVERYONE@ to read. */
export const ACE_HEX = "00000000 00000000 00000001 00000009 45564552 594f4e45 40000000";
export const ACE = { type: 0, flag: 0, access_mask: 1, who: "EVERYONE@" };
