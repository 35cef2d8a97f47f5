import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A session on which nothing can be sent. */
export const slotsZero: Rule = {
  id: "slots-zero",
  severity: "warning",
  fault: "server",
  title: "The server granted a session without slots",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "CREATE_SESSION succeeded with a fore channel ca_maxrequests of 0: there is no slot for any request.",
    hurts: "The session is of no use. Linux clients refuse the mount.",
    todo: "In the server, grant at least one slot, or refuse with NFS4ERR_RESOURCE or NFS4ERR_TOOSMALL when there are none left.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client, standing }) {
      if (result === null || standing === "replay" || result.fore.maxRequests !== 0) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { text: "ca_maxrequests of 1 or more" },
        actual: { text: "ca_maxrequests 0" },
        message: `the fore channel was granted ca_maxrequests 0, ${args.fore.maxRequests} were asked for`,
      });
    },
  }),
};
