import type { Call } from "../../session/call.ts";
import type { Report, Rule } from "../rule.ts";

/** The server asks for a new GSS context: part of their life. RFC 2203 §5.3.3.3 */
const RENEWALS: ReadonlySet<string> = new Set(["RPCSEC_GSS_CREDPROBLEM", "RPCSEC_GSS_CTXPROBLEM"]);

/** The RPC layer turned a call away because of who sent it. */
export const rpcAuthError: Rule = {
  id: "rpc-auth-error",
  severity: "warning",
  fault: "unknown",
  title: "The RPC layer refused the credential of a call",
  rfc: "RFC 5531 9, RFC 2203 5.3.3.3",
  help: {
    means:
      "The reply is MSG_DENIED with AUTH_ERROR: the compound was not even looked at, and its slot has not moved. It is a note where it belongs to the day's work: a GSS context that has to be renewed, or a client that tries security flavors at mount time.",
    hurts:
      "The request did not happen. A client that counts its sequence id up all the same is refused as misordered from then on.",
    todo: "AUTH_TOOWEAK: the server wants a stronger flavor (sec=krb5, krb5i, krb5p). AUTH_BADCRED, AUTH_BADVERF: look at keytabs, clocks and user mapping. Check that the next request on the slot has the same sequence id.",
  },
  channel: "both",
  downgrades: {},
  watch: ({ report }) => ({
    "rpc-refused"({ call, connection, called, reply, error, isAuthError }) {
      if (!isAuthError) return;
      const isRenewal = RENEWALS.has(error);
      const isNoted = isRenewal || call === null || call.seq < 0;
      const slot = call !== null && call.seq >= 0 ? `slot ${call.slotId} seq ${call.seq}: ` : "";
      report({
        ...subjectOf(call, isRenewal),
        connection,
        severity: isNoted ? "note" : "warning",
        fault: isRenewal ? "none" : "unknown",
        frames: called === null ? [reply] : [called, reply],
        expected: { text: "a credential that the server takes" },
        actual: { text: error },
        message: `${slot}the RPC layer refused the credential with ${error}${slot === "" ? "" : "; the slot stays where it was"}`,
      });
    },
  }),
};

/** A context runs out for all slots at once: one finding for the session. */
function subjectOf(call: Call | null, isRenewal: boolean): Pick<Report, "call" | "session"> {
  if (call === null) return {};
  return isRenewal ? { session: call.session } : { call };
}
