import {
  NFS4ERR_WRONG_CRED,
  OP_BACKCHANNEL_CTL,
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_RECLAIM_COMPLETE,
  OP_SET_SSV,
  operationName,
  statusName,
} from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

const SP4_SSV = 2;
/** Below it RPCSEC_GSS protects nothing but the header. RFC 2203 §5.2.2 */
const GSS_SERVICE_INTEGRITY = 2;

/** Operations that the client had protected come with the machine's credential, or that of the SSV. */
export const wrongCred: Rule = {
  id: "wrong-cred",
  severity: "error",
  fault: "client",
  title: "A protected operation came without the machine's credential",
  rfc: "RFC 8881 18.35.3, 2.10.8.3",
  help: {
    means:
      "The client ID was made with state protection (SP4_MACH_CRED or SP4_SSV), the operation stands in spo_must_enforce of the EXCHANGE_ID result, and the call came without RPCSEC_GSS integrity or privacy. Whose GSS context it is cannot be seen; only calls without protection are reported.",
    hurts:
      "A correct server answers NFS4ERR_WRONG_CRED. One that does not lets anybody on the network end the client's sessions.",
    todo: "In the client, send the operations of spo_must_enforce with the machine credential and integrity or privacy. On the server, see why it answered otherwise than NFS4ERR_WRONG_CRED.",
  },
  downgrades: { G: 1 },
  operations: [OP_BACKCHANNEL_CTL, OP_RECLAIM_COMPLETE, OP_SET_SSV],
  watch({ report }) {
    const check = (call: Call, reply: Reply | null, client: ObservedClient | null, op: number, status: number) => {
      if (client === null || reply === null || client.mustEnforce.size === 0) return;
      if (!client.mustEnforce.has(op) || call.gssService >= GSS_SERVICE_INTEGRITY) return;
      const how = client.stateProtect === SP4_SSV ? "SP4_SSV" : "SP4_MACH_CRED";
      report({
        ...subject(call, call.session),
        client,
        since: client.firstSeen.at,
        frames: [client.firstSeen, ...exchangeFrames(call, reply)],
        expected: { status: [NFS4ERR_WRONG_CRED] },
        actual: { status: [status] },
        message: `${operationName(op)} of client ID 0x${client.clientId} (${how}) came without RPCSEC_GSS integrity or privacy: ${statusName(status)}`,
      });
    };
    return {
      "create-session": ({ call, reply, client, status }) => check(call, reply, client, OP_CREATE_SESSION, status),
      "destroy-session": ({ call, reply, session, status }) =>
        check(call, reply, session?.client ?? null, OP_DESTROY_SESSION, status),
      "bind-conn-to-session": ({ call, reply, session, status }) =>
        check(call, reply, session?.client ?? null, OP_BIND_CONN_TO_SESSION, status),
      "destroy-clientid": ({ call, reply, client, status }) => check(call, reply, client, OP_DESTROY_CLIENTID, status),
      "operation-result": ({ call, operation, status }) =>
        check(call, call.reply, call.session?.client ?? null, operation, status),
    };
  },
};
