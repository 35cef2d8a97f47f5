import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule, RuleContext } from "../rule.ts";

/** The longest result that a READ or READDIR of the call asks for. */
function largestRead(call: Call, argsOf: RuleContext["argsOf"]): number {
  let largest = 0;
  for (const index of call.operations.bulkReads) {
    const args = argsOf(call, index) as { count?: number; maxcount?: number } | null;
    largest = Math.max(largest, args?.count ?? args?.maxcount ?? 0);
  }
  return largest;
}

/** A request asked for its reply to be cached without need */
export const cachethisWasteful: Rule = {
  id: "cachethis-wasteful",
  severity: "note",
  fault: "client",
  title: "A request asked for its reply to be cached without need",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.4",
  help: {
    means:
      "sa_cachethis is set although every operation can be repeated freely, or although the reply is larger than the session's cache takes.",
    hurts: "The server keeps the reply for nothing; a large one is refused with NFS4ERR_REP_TOO_BIG_TO_CACHE.",
    todo: "In the client, set sa_cachethis only for requests that must not run twice.",
  },
  downgrades: { V: "off" },
  watch({ report, argsOf }) {
    const told = new WeakSet<ObservedSession>();
    return {
      "cachethis-unusual": (call) => {
        const { session, operations } = call;
        if (!call.cachethis || session === null || told.has(session)) return;
        const count = operations.isReadOnly ? 0 : largestRead(call, argsOf);
        const cached = session.foreAttributes.granted?.maxResponseSizeCached ?? Number.POSITIVE_INFINITY;
        if (!operations.isReadOnly && count <= cached) return;
        told.add(session);
        const what = operations.isReadOnly
          ? "a request that only reads"
          : `a request for ${count} bytes, where at most ${cached} can be cached,`;
        report({
          session,
          connection: call.connection,
          frames: [call],
          expected: { text: "sa_cachethis clear" },
          actual: { text: "sa_cachethis set" },
          message: `${what} was sent with sa_cachethis set (slot ${call.slotId}, seq ${call.seq})`,
        });
      },
    };
  },
};
