import {
  OP_DESTROY_CLIENTID,
  OP_EXCHANGE_ID,
  OP_FREE_STATEID,
  OP_TEST_STATEID,
  SEQ4_STATUS_ADMIN_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
  SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
} from "../../nfs4/constants.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule } from "../rule.ts";

/** Locks are gone, the server says so, and the client does not look which. */
export const statusFlagStateRevokedIgnored: Rule = {
  id: "status-flag-state-revoked-ignored",
  severity: "warning",
  fault: "client",
  title: "The server says that it revoked state, and the client does not find out which",
  rfc: "RFC 8881 18.46.3, 8.3, 8.4.3, 10.4.5",
  help: {
    means:
      "Replies have had EXPIRED_ALL_STATE_REVOKED, EXPIRED_SOME_STATE_REVOKED, ADMIN_STATE_REVOKED or RECALLABLE_STATE_REVOKED for longer than a lease. The client sent neither TEST_STATEID nor FREE_STATEID, and did not start anew with EXCHANGE_ID.",
    hurts:
      "The client believes in locks, delegations or layouts that it no longer has: two clients may write to one file, cached data may be stale. With EXPIRED_ALL_STATE_REVOKED its lease is not renewed either.",
    todo: "Look in the client's log for lost locks. In the client, test all stateids and free the revoked ones, and tell the applications.",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_TEST_STATEID, OP_FREE_STATEID, OP_EXCHANGE_ID, OP_DESTROY_CLIENTID],
  options: { reminders: 5 },
  watch: (context) =>
    watchNeglect(
      {
        bits:
          SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED |
          SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED |
          SEQ4_STATUS_ADMIN_STATE_REVOKED |
          SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
        reminders: context.option("reminders"),
        patienceNanos: ({ server }) => server.leaseNanos,
      },
      (neglect) => context.report(neglectReport(context, neglect, "no TEST_STATEID, FREE_STATEID or EXCHANGE_ID")),
    ),
};
