import { NFS4_OK, NFS4ERR_INVAL, statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";
import { UNDEFINED_CREATE_SESSION_FLAGS } from "../undefined-flags.ts";

/** The client set flag bits that mean nothing. */
export const createFlagsUndefined: Rule = {
  id: "create-flags-undefined",
  severity: "warning",
  fault: "client",
  title: "CREATE_SESSION was sent with undefined flag bits",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "csa_flags has bits that no minor version defines. The RFC does not say what a server should do with them.",
    hurts: "Some servers answer NFS4ERR_INVAL, so that the mount works here and fails there.",
    todo: "In the client, send only CREATE_SESSION4_FLAG_PERSIST, _CONN_BACK_CHAN and _CONN_RDMA.",
  },
  pynfs: ["CSESS15"],
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, status, session, client }) {
      const undefinedBits = (args.flags & UNDEFINED_CREATE_SESSION_FLAGS) >>> 0;
      if (undefinedBits === 0) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4ERR_INVAL, NFS4_OK] },
        actual: { status: [status] },
        message: `csa_flags has undefined bits 0x${undefinedBits.toString(16)}: ${statusName(status)}`,
      });
    },
  }),
};
