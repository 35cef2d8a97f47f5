import {
  NFS4_OK,
  OP_LAYOUTGET,
  OP_LOCK,
  OP_OPEN,
  OP_WANT_DELEGATION,
  operationName,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
} from "../../nfs4/constants.ts";
import type { FlagPeriod } from "../../session/flag-history.ts";
import type { Rule } from "../rule.ts";

/** They give the client state that only a lease keeps. */
const ACQUIRING: ReadonlySet<number> = new Set([OP_OPEN, OP_LOCK, OP_LAYOUTGET, OP_WANT_DELEGATION]);

/** New state under a lease that is said to be over. */
export const leaseRenewedDespiteExpired: Rule = {
  id: "lease-renewed-despite-expired",
  severity: "note",
  fault: "server",
  title: "The server says that the lease has expired, and gives out new state",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "Reply after reply has EXPIRED_ALL_STATE_REVOKED: the lease ran out, and such a SEQUENCE does not renew it. Still OPEN, LOCK or another operation that needs a lease succeeds.",
    hurts: "Nobody can say how long the new state lives. Either the flag is wrong or the state.",
    todo: "In the server, clear the flag once all losses are acknowledged and renew the lease again; until then give out nothing. In the client, acknowledge with FREE_STATEID.",
  },
  downgrades: {},
  options: { replies: 5 },
  watch(context) {
    const told = new WeakSet<FlagPeriod>();
    return {
      "status-flags"({ call, session, history }) {
        const period = history.periods.get(SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED);
        if (period === undefined || period.replies < context.option("replies") || told.has(period)) return;
        const acquired = call.operations.numbers.find((operation) => ACQUIRING.has(operation));
        if (acquired === undefined || call.reply!.status !== NFS4_OK) return;
        told.add(period);
        context.report({
          session,
          connection: call.connection,
          since: period.askedAt,
          frames: [period.since, call, call.reply!],
          expected: { text: "no new state, or no EXPIRED_ALL_STATE_REVOKED" },
          actual: { text: `${operationName(acquired)} OK with EXPIRED_ALL_STATE_REVOKED` },
          message: `${operationName(acquired)} succeeds with EXPIRED_ALL_STATE_REVOKED set, as on the ${period.replies - 1} replies before`,
        });
      },
    };
  },
};
