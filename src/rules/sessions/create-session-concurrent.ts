import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

interface Sent {
  readonly call: Call;
  readonly sequence: number;
}

/** One CREATE_SESSION at a time for each client ID. */
export const createSessionConcurrent: Rule = {
  id: "create-session-concurrent",
  severity: "error",
  fault: "client",
  title: "Two CREATE_SESSIONs of one client ID were under way at once",
  rfc: "RFC 8881 18.36.4",
  help: {
    means:
      "The client sent a CREATE_SESSION while another one of the same client ID, with another csa_sequence, had no reply yet. The RFC allows one at a time: the client ID has a single slot for them.",
    hurts:
      "If the server takes them in the other order the second one is NFS4ERR_SEQ_MISORDERED, and the first reply can no longer be recovered if it is lost.",
    todo: "Serialise CREATE_SESSION in the client, for each client ID.",
  },
  downgrades: { O: 1, H: 1 },
  watch({ report, isOrdered }) {
    const latest = new WeakMap<ObservedClient, Sent>();
    return {
      "create-session-call"({ call, args, client }) {
        if (client === null) return;
        const before = latest.get(client);
        latest.set(client, { call, sequence: args.sequence });
        if (before === undefined || before.sequence === args.sequence) return;
        const { connection } = before.call;
        if (!before.call.isOutstanding || !connection.isOpen) return;
        // The reply to a call whose bytes are missing was perhaps not seen.
        if (connection.hasGapBetween(before.call.at, call.at)) return;
        report({
          ...subject(call, null),
          client,
          because: isOrdered(before.call, connection, call, call.connection) ? [] : ["O"],
          frames: [before.call, call],
          expected: { status: [NFS4_OK, NFS4ERR_SEQ_MISORDERED] },
          actual: { text: `csa_sequence ${args.sequence} while ${before.sequence} had no reply` },
          message: `CREATE_SESSION of client ID 0x${args.clientId} with csa_sequence ${args.sequence} was sent while the one with ${before.sequence} had no reply`,
        });
      },
    };
  },
};
