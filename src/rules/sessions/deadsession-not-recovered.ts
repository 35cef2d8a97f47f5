import { NFS4ERR_DEADSESSION } from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { nextSeq } from "../../session/slot.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Dead sessions followed at the same time. */
const DEAD_MAX = 256;

/** DEADSESSION asks for a new session; the client goes on with the dead one. */
export const deadsessionNotRecovered: Rule = {
  id: "deadsession-not-recovered",
  severity: "warning",
  fault: "client",
  title: "New requests keep coming on a dead session",
  rfc: "RFC 8881 2.10.6.5, 8.4.2, 2.4",
  help: {
    means:
      "After a restart a server with persistent sessions answers retries from its reply cache and everything else with NFS4ERR_DEADSESSION. The client should create a new session; it sent new requests on the old one for more than 30 s instead.",
    hurts: "No new request can succeed on a dead session: the client hangs, and its state may run out with its lease.",
    todo: "Make the client send CREATE_SESSION (and EXCHANGE_ID if that says NFS4ERR_STALE_CLIENTID) after NFS4ERR_DEADSESSION.",
  },
  downgrades: { H: 1 },
  options: { patienceSeconds: 30 },
  watch({ report, option }) {
    const patienceNanos = option("patienceSeconds") * 1e9;
    const dead = new Map<ObservedSession, { reply: Reply; address: string }>();
    const recovers = ({ connection }: Call) => {
      for (const [session, { address }] of dead) if (address === connection.clientAddress) dead.delete(session);
    };
    return {
      answer(call) {
        const { session, reply } = call;
        if (session === null || reply?.sequenceStatus !== NFS4ERR_DEADSESSION) return;
        if (!dead.has(session) && dead.size < DEAD_MAX) {
          dead.set(session, { reply, address: call.connection.clientAddress });
        }
      },
      "call-dead-session"({ call, session }) {
        const death = dead.get(session);
        if (death === undefined || call.slot === null) return;
        const elapsed = call.at - death.reply.at;
        if (elapsed <= patienceNanos || call.original !== null || call.seq !== nextSeq(call.slot.lastSeq)) return;
        report({
          call,
          since: death.reply.at,
          frames: [death.reply, call],
          expected: { status: [NFS4ERR_DEADSESSION], text: "CREATE_SESSION" },
          actual: { text: "a new request on the dead session" },
          message: `new request on slot ${call.slotId} ${seconds(elapsed)} after NFS4ERR_DEADSESSION, without CREATE_SESSION or EXCHANGE_ID in between`,
        });
      },
      "create-session-call": ({ call }) => recovers(call),
      "exchange-id": ({ call }) => recovers(call),
      "session-ended": (session) => void dead.delete(session),
    };
  },
};
