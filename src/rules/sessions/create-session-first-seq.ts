import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** EXCHANGE_ID says which number the first CREATE_SESSION has to carry. */
export const createSessionFirstSeq: Rule = {
  id: "create-session-first-seq",
  severity: "error",
  fault: "client",
  title: "The first CREATE_SESSION does not carry EXCHANGE_ID's sequence id",
  rfc: "RFC 8881 18.36.4",
  help: {
    means:
      "The EXCHANGE_ID reply that gave out the client ID named the csa_sequence of its first CREATE_SESSION (eir_sequenceid). The client sent another one.",
    hurts: "The server answers NFS4ERR_SEQ_MISORDERED, the client ID is never confirmed and the mount fails.",
    todo: "Take csa_sequence from the latest EXCHANGE_ID reply that returned this client ID.",
  },
  pynfs: ["CSESS4"],
  downgrades: { M: 1, O: 1, G: "off" },
  watch({ report }) {
    const tried = new WeakSet<ObservedClient>();
    const firsts = new WeakSet<Call>();
    return {
      "exchange-id"({ client, result }) {
        if (client !== null && result !== null && !client.confirmed) tried.delete(client);
      },
      "create-session-call"({ call, client, args }) {
        if (client === null || client.confirmed || tried.has(client)) return;
        tried.add(client);
        if (client.eirSequenceId !== null && args.sequence !== client.eirSequenceId) firsts.add(call);
      },
      "create-session"({ call, args, reply, status, client }) {
        if (!firsts.has(call) || reply === null || client === null || client.eirSequenceId === null) return;
        report({
          ...subject(call, null),
          client,
          since: client.firstSeen.at,
          frames: [client.firstSeen, ...exchangeFrames(call, reply)],
          expected: { seq: client.eirSequenceId, status: [NFS4ERR_SEQ_MISORDERED] },
          actual: { seq: args.sequence, status: [status] },
          message: `first CREATE_SESSION of client ID 0x${args.clientId} has csa_sequence ${args.sequence}, EXCHANGE_ID had said ${client.eirSequenceId}`,
        });
      },
    };
  },
};
