import {
  EXCHGID4_FLAG_BIND_PRINC_STATEID,
  EXCHGID4_FLAG_MASK_PNFS,
  EXCHGID4_FLAG_SUPP_FENCE_OPS,
  EXCHGID4_FLAG_SUPP_MOVED_MIGR,
  EXCHGID4_FLAG_SUPP_MOVED_REFER,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  exchangeIdFlagNames,
  NFS4ERR_INVAL,
} from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** What a client may set in every minor version. */
const DEFINED =
  EXCHGID4_FLAG_SUPP_MOVED_REFER |
  EXCHGID4_FLAG_SUPP_MOVED_MIGR |
  EXCHGID4_FLAG_BIND_PRINC_STATEID |
  EXCHGID4_FLAG_MASK_PNFS |
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A;

/** "Bits not defined above cannot be set in the eia_flags field." */
export const exchangeIdBadFlags: Rule = {
  id: "exchange-id-bad-flags",
  severity: "error",
  fault: "client",
  title: "EXCHANGE_ID has flags that a client may not set",
  rfc: "RFC 8881 18.35.3, RFC 7862 14.1",
  help: {
    means:
      "eia_flags holds bits that the minor version of the compound does not define, or CONFIRMED_R, which only replies may have. SUPP_FENCE_OPS came with minor version 2; in a compound of minor version 1 it is only noted.",
    hurts: "A correct server refuses with NFS4ERR_INVAL, and the client cannot mount. Others ignore the bits.",
    todo: "In the client, mask eia_flags with the bits of the minor version that is spoken.",
    seenIn: "DittoFS, as a server, ignores eia_flags altogether",
  },
  pynfs: ["EID4", "EID7"],
  downgrades: {},
  watch: ({ report }) => ({
    "exchange-id"({ call, args, reply, status, client }) {
      const defined = call.minorVersion >= 2 ? DEFINED | EXCHGID4_FLAG_SUPP_FENCE_OPS : DEFINED;
      const wrong = (args.flags & ~defined) >>> 0;
      if (wrong === 0) return;
      const isEarly = wrong === EXCHGID4_FLAG_SUPP_FENCE_OPS;
      report({
        ...subject(call, null),
        client,
        severity: isEarly ? "note" : "error",
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4ERR_INVAL] },
        actual: { status: [status] },
        message: `eia_flags has ${exchangeIdFlagNames(wrong).join(", ")}, which a client may not set in minor version ${call.minorVersion}`,
      });
    },
  }),
};
