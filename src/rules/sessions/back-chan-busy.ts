import { NFS4ERR_BACK_CHAN_BUSY, NFS4ERR_CB_PATH_DOWN, statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** The server keeps a session because of its own callbacks. */
export const backChanBusy: Rule = {
  id: "back-chan-busy",
  severity: "note",
  fault: "server",
  title: "DESTROY_SESSION was put off because of callbacks",
  rfc: "RFC 8881 18.37.3",
  help: {
    means:
      "The server answered DESTROY_SESSION with NFS4ERR_BACK_CHAN_BUSY or NFS4ERR_CB_PATH_DOWN: it has callbacks on the session that the client has not answered, or cannot reach it.",
    hurts: "The session lives on; an unmount or recovery takes longer.",
    todo: "Look at the back channel: were there callbacks without an answer? If not, the server's count of them is wrong.",
  },
  downgrades: { H: 1 },
  watch: ({ report }) => ({
    "destroy-session"({ call, reply, status, session }) {
      if (status !== NFS4ERR_BACK_CHAN_BUSY && status !== NFS4ERR_CB_PATH_DOWN) return;
      const open = session?.back?.outstanding ?? 0;
      report({
        ...subject(call, session),
        frames: exchangeFrames(call, reply),
        actual: { status: [status] },
        message: `DESTROY_SESSION: ${statusName(status)} with ${open === 0 ? "no callback" : `${open} callbacks`} outstanding in the capture`,
      });
    },
  }),
};
