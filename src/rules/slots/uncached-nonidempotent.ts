import {
  OP_CLOSE,
  OP_CREATE,
  OP_DELEGRETURN,
  OP_LINK,
  OP_LOCK,
  OP_LOCKU,
  OP_OPEN_DOWNGRADE,
  OP_REMOVE,
  OP_REMOVEXATTR,
  OP_RENAME,
  OP_SETXATTR,
  operationClass,
  operationName,
} from "../../nfs4/constants.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule, Severity } from "../rule.ts";

/** A lost reply to these cannot be made up for. */
const UNREPEATABLE: ReadonlySet<number> = new Set([
  OP_CREATE,
  OP_LINK,
  OP_REMOVE,
  OP_RENAME,
  OP_LOCK,
  OP_LOCKU,
  OP_CLOSE,
  OP_OPEN_DOWNGRADE,
  OP_DELEGRETURN,
  OP_SETXATTR,
  OP_REMOVEXATTR,
]);

/** A request that must not run twice did not ask for its reply to be cached */
export const uncachedNonidempotent: Rule = {
  id: "uncached-nonidempotent",
  severity: "warning",
  fault: "client",
  title: "A request that must not run twice did not ask for its reply to be cached",
  rfc: "RFC 8881 2.10.6.1.3",
  help: {
    means:
      "The request changes something in a way that cannot be repeated or found out afterwards, and sa_cachethis is clear. If the connection is lost before the reply comes, the result is lost with it.",
    hurts: "After a lost connection the program gets an error or a wrong result although the server did the work.",
    todo: "In the client, set sa_cachethis for such requests.",
    seenIn: "Linux sends RECLAIM_COMPLETE and LAYOUTGET uncached (a note)",
  },
  downgrades: { V: "off" },
  watch({ report }) {
    const told = new WeakMap<ObservedSession, Set<Severity>>();
    return {
      "call-new": (call) => {
        if (call.cachethis || !(call.operations.isNonIdempotent || call.operations.hasOpen)) return;
        const { session } = call;
        if (session === null || session.foreAttributes.granted?.maxResponseSizeCached === 0) return;
        const operation = call.operations.numbers.find((number) => UNREPEATABLE.has(number));
        const severity = operation === undefined ? "note" : "warning";
        if (operation === undefined && !call.operations.isNonIdempotent) return;
        const severities = told.get(session) ?? new Set();
        if (severities.has(severity)) return;
        told.set(session, severities.add(severity));
        const culprit = operation ?? call.operations.numbers.find((number) => operationClass(number) === "N");
        report({
          session,
          connection: call.connection,
          frames: [call],
          severity,
          ...(severity === "note" ? { fault: "none" as const } : {}),
          message: `${operationName(culprit ?? 0)} was sent with sa_cachethis clear (slot ${call.slotId}, seq ${call.seq})`,
        });
      },
    };
  },
};
