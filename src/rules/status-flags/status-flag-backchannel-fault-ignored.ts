import { OP_DESTROY_SESSION, SEQ4_STATUS_BACKCHANNEL_FAULT } from "../../nfs4/constants.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule } from "../rule.ts";

/** The session is beyond repair, the server says so, and the client goes on using it. */
export const statusFlagBackchannelFaultIgnored: Rule = {
  id: "status-flag-backchannel-fault-ignored",
  severity: "error",
  fault: "client",
  title: "The server lost its callback slots, and the client goes on using the session",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "Replies have BACKCHANNEL_FAULT: the server no longer knows the sequence ids of its callback slots. The client must stop sending requests on the session, wait for those that are outstanding, and destroy it. It still sends new ones, and no DESTROY_SESSION.",
    hurts: "There will be no callback on this session any more: delegations and layouts are revoked, not recalled.",
    todo: "In the client, drain the session, send DESTROY_SESSION and make a new one. As first aid unmount and mount again.",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_DESTROY_SESSION],
  options: { unheededSeconds: 30, reminders: 5 },
  watch(context) {
    const unheededNanos = context.option("unheededSeconds") * 1e9;
    return watchNeglect(
      {
        bits: SEQ4_STATUS_BACKCHANNEL_FAULT,
        reminders: context.option("reminders"),
        patienceNanos: () => unheededNanos,
        // A lone SEQUENCE keeps the lease while others are waited for.
        isDue: ({ operations }) => !operations.isLoneSequence,
      },
      (neglect) => context.report(neglectReport(context, neglect, "new requests instead of DESTROY_SESSION")),
    );
  },
};
