import type { Call } from "../../session/call.ts";
import type { Fault, Rule } from "../rule.ts";

const GARBAGE_ARGS = "GARBAGE_ARGS";
/** Errors that only the replier can be the cause of: it broke down, or it is no NFSv4.1 server any more. */
const REPLIERS: ReadonlySet<string> = new Set(["SYSTEM_ERR", "PROG_UNAVAIL", "PROG_MISMATCH", "PROC_UNAVAIL"]);

/** The RPC layer turned a call away for other reasons than its sender. */
export const rpcGarbageArgs: Rule = {
  id: "rpc-garbage-args",
  severity: "warning",
  fault: "unknown",
  title: "The RPC layer refused a call",
  rfc: "RFC 5531 9, RFC 8881 2.10.13.1.4",
  help: {
    means:
      "GARBAGE_ARGS, SYSTEM_ERR, PROC_UNAVAIL, PROG_UNAVAIL, PROG_MISMATCH or RPC_MISMATCH came instead of a compound's result. For a call with SEQUENCE nobody can tell whether the slot has moved. PROG_* after an address has moved to another host is to be taken like NFS4ERR_BADSESSION. Calls without SEQUENCE (NULL, trying versions) are only noted.",
    hurts:
      "If client and server draw different conclusions about the slot, each further request on it is refused as misordered.",
    todo: "GARBAGE_ARGS: decode the call's arguments; if they are sound, look at the XDR decoder of the side that refused. SYSTEM_ERR: look into its log. PROG_*: find out what listens on that address now.",
    seenIn:
      "the Linux client counts the sequence id up after a failure of the RPC layer, because the request may have been processed",
  },
  channel: "both",
  downgrades: {},
  watch: ({ report }) => ({
    "rpc-refused"({ call, connection, called, reply, error, isAuthError }) {
      if (isAuthError) return;
      const isSequenced = call !== null && call.seq >= 0;
      report({
        ...(call === null ? {} : { call }),
        connection,
        severity: isSequenced ? "warning" : "note",
        fault: call === null ? "unknown" : faultOf(call, error),
        frames: called === null ? [reply] : [called, reply],
        expected: { text: "an answer with results" },
        actual: { text: error },
        message: isSequenced
          ? `slot ${call.slotId} seq ${call.seq}: the RPC layer answered ${error}${diagnosis(call, error)}; whether the slot has moved is open`
          : `the RPC layer answered ${error}`,
      });
    },
  }),
};

function faultOf(call: Call, error: string): Fault {
  const [requester, replier]: [Fault, Fault] = call.channel === "fore" ? ["client", "server"] : ["server", "client"];
  if (REPLIERS.has(error)) return replier;
  return error === GARBAGE_ARGS && call.hasUnknownOperation && !call.truncated ? requester : "unknown";
}

function diagnosis(call: Call, error: string): string {
  if (error !== GARBAGE_ARGS || call.truncated) return "";
  return call.hasUnknownOperation
    ? ", and its operations cannot be decoded"
    : ", though its operations can be told apart";
}
