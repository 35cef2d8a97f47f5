import {
  OP_BACKCHANNEL_CTL,
  OP_CREATE_SESSION,
  OP_DESTROY_SESSION,
  SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED,
  SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING,
} from "../../nfs4/constants.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule } from "../rule.ts";

/** The server has no credentials left to call back with. */
export const statusFlagGssIgnored: Rule = {
  id: "status-flag-gss-ignored",
  severity: "warning",
  fault: "client",
  title: "The GSS contexts for callbacks have expired, and the client gives no new ones",
  rfc: "RFC 8881 18.46.3, 2.10.13.1.1, 2.10.13.1.3",
  help: {
    means:
      "Replies have had CB_GSS_CONTEXTS_EXPIRED for longer than a lease, and the client sent no BACKCHANNEL_CTL with new handles. A note while they only have CB_GSS_CONTEXTS_EXPIRING: the contexts end within a lease.",
    hurts: "The server cannot authenticate its callbacks: delegations and layouts are not recalled but revoked.",
    todo: "In the client, answer the flags with BACKCHANNEL_CTL. Or offer AUTH_SYS for callbacks in CREATE_SESSION.",
    seenIn: "the Linux client ignores both flags",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_BACKCHANNEL_CTL, OP_CREATE_SESSION, OP_DESTROY_SESSION],
  options: { reminders: 5 },
  watch(context) {
    const expired = (bits: number) => (bits & SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED) !== 0;
    return watchNeglect(
      {
        bits: SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED | SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING,
        reminders: context.option("reminders"),
        // After a lease at most EXPIRING becomes EXPIRED.
        patienceNanos: ({ server }, bits) => (expired(bits) ? server.leaseNanos : server.leaseNanos / 2),
      },
      (neglect) => {
        const severity = expired(neglect.bits) ? "warning" : "note";
        context.report({ ...neglectReport(context, neglect, "no BACKCHANNEL_CTL"), severity });
      },
    );
  },
};
