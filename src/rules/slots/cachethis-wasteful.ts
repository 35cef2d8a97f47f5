import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";

/** A request that only reads asked for its reply to be cached */
export const cachethisWasteful: Rule = {
  id: "cachethis-wasteful",
  severity: "note",
  fault: "client",
  title: "A request that only reads asked for its reply to be cached",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.4",
  help: {
    means: "sa_cachethis is set although every operation can be repeated freely.",
    hurts: "The server keeps the reply for nothing; a large one is refused with NFS4ERR_REP_TOO_BIG_TO_CACHE.",
    todo: "In the client, set sa_cachethis only for requests that must not run twice.",
  },
  downgrades: { V: "off" },
  watch({ report }) {
    const told = new WeakSet<ObservedSession>();
    return {
      "call-new": (call) => {
        if (!call.cachethis || !call.operations.isReadOnly || call.session === null || told.has(call.session)) return;
        told.add(call.session);
        report({
          session: call.session,
          connection: call.connection,
          frames: [call],
          message: `a request that only reads was sent with sa_cachethis set (slot ${call.slotId}, seq ${call.seq})`,
        });
      },
    };
  },
};
