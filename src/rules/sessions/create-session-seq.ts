import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** CREATE_SESSION has a sequence of its own for each client ID. The very first one is create-session-first-seq. */
export const createSessionSeq: Rule = {
  id: "create-session-seq",
  severity: "error",
  fault: "client",
  title: "CREATE_SESSION is out of sequence",
  rfc: "RFC 8881 18.36.4",
  help: {
    means:
      "csa_sequence is neither the client ID's last CREATE_SESSION sequence (a replay) nor the one after it. After a CREATE_SESSION that failed both counts are accepted, because servers differ on whether it consumed its number.",
    hurts: "The server answers NFS4ERR_SEQ_MISORDERED and makes no session: the mount or its recovery fails.",
    todo: "Let the client count one further for each CREATE_SESSION that was answered, and send the same number again when it was not.",
  },
  pynfs: ["CSESS7", "CSESS8"],
  downgrades: { M: "off", O: 1, G: 1, V: 2 },
  watch({ report }) {
    const latest = new WeakMap<ObservedClient, Call>();
    // What became of the one before is not known: it may have moved the sequence.
    const doubtful = new WeakSet<Call>();
    return {
      "create-session-call"({ call, client }) {
        if (client === null) return;
        const before = latest.get(client);
        if (before !== undefined && (before.reply === null || doubtful.has(before))) doubtful.add(call);
        latest.set(client, call);
      },
      "create-session"({ call, args, reply, status, client, earlier, standing }) {
        if (reply === null || earlier === null || client === null) return;
        const isDoubtful = doubtful.has(call);
        // Success says where the sequence stands: what follows is judged by it.
        if (status === NFS4_OK) doubtful.delete(call);
        if (standing !== "misordered" || isDoubtful) return;
        const last = earlier.args.sequence;
        report({
          ...subject(call, null),
          client,
          since: earlier.call.at,
          because: status === NFS4_OK ? ["V"] : [],
          frames: [earlier.call, ...exchangeFrames(call, reply)],
          expected: { seq: (last + 1) >>> 0, status: [NFS4ERR_SEQ_MISORDERED] },
          actual: { seq: args.sequence, status: [status] },
          message: `CREATE_SESSION of client ID 0x${args.clientId} has csa_sequence ${args.sequence}, the one before had ${last}`,
        });
      },
    };
  },
};
