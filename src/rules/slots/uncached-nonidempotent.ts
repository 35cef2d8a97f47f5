import { operationName } from "../../nfs4/constants.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule, Severity } from "../rule.ts";
import { SMALLEST_REPLY_BYTES } from "../smallest-messages.ts";
import { betterNotRepeated, unrepeatable } from "../unrepeatable.ts";

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
  downgrades: { V: 1 },
  watch({ report, argsOf }) {
    const told = new WeakMap<ObservedSession, Set<Severity>>();
    return {
      "cachethis-unusual": (call) => {
        const { session } = call;
        if (call.cachethis || session === null) return;
        const severities = told.get(session) ?? new Set();
        if (severities.has("warning")) return;
        const { granted } = session.foreAttributes;
        // A server that keeps no replies need not be asked to.
        if (granted !== null && granted.maxResponseSizeCached < SMALLEST_REPLY_BYTES.fore) return;
        const harmful = unrepeatable(call, argsOf);
        const operation = harmful ?? betterNotRepeated(call);
        const severity = harmful === null ? "note" : "warning";
        if (operation === null || severities.has(severity)) return;
        told.set(session, severities.add(severity));
        report({
          session,
          connection: call.connection,
          frames: [call],
          expected: { text: "sa_cachethis set" },
          actual: { text: "sa_cachethis clear" },
          severity,
          ...(severity === "note" ? { fault: "none" as const } : {}),
          ...(granted === null ? { because: ["V"] as const } : {}),
          message: `${operationName(operation)} was sent with sa_cachethis clear (slot ${call.slotId}, seq ${call.seq})`,
        });
      },
    };
  },
};
