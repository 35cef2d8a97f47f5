import {
  OP_EXCHANGE_ID,
  OP_LOCK,
  OP_RECLAIM_COMPLETE,
  SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
} from "../../nfs4/constants.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule } from "../rule.ts";

/** The server restarted and waits for reclaims that do not come. */
export const statusFlagReclaimNeededIgnored: Rule = {
  id: "status-flag-reclaim-needed-ignored",
  severity: "warning",
  fault: "client",
  title: "The server restarted and waits for reclaims, and the client reclaims nothing",
  rfc: "RFC 8881 18.46.3, 8.4.2.1, 18.51.3",
  help: {
    means:
      "Replies have had RESTART_RECLAIM_NEEDED for longer than half a lease: the server lost all locks in a restart. The client neither reclaims opens or locks nor says RECLAIM_COMPLETE. (Where it takes new locks meanwhile, reclaim-complete-missing says so.)",
    hurts: "When the grace period ends the client's locks are lost, and other clients may take them.",
    todo: "In the client, reclaim opens, locks, delegations and layouts, then send RECLAIM_COMPLETE with rca_one_fs false, also when there is nothing to reclaim.",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_RECLAIM_COMPLETE, OP_EXCHANGE_ID],
  options: { reminders: 5 },
  watch: (context) =>
    watchNeglect(
      {
        bits: SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
        reminders: context.option("reminders"),
        patienceNanos: ({ server }) => server.leaseNanos / 2,
        isAnsweredBy: ({ operations }) => operations.hasOpen || operations.numbers.includes(OP_LOCK),
      },
      (neglect) => context.report(neglectReport(context, neglect, "no reclaim and no RECLAIM_COMPLETE")),
    ),
};
