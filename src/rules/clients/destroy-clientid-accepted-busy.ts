import { NFS4_OK, NFS4ERR_CLIENTID_BUSY } from "../../nfs4/constants.ts";
import { DestroyedClients } from "../destroyed-clients.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { lastKnownAt } from "../lease-state.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** "The server MUST return NFS4ERR_CLIENTID_BUSY." */
export const destroyClientidAcceptedBusy: Rule = {
  id: "destroy-clientid-accepted-busy",
  severity: "error",
  fault: "server",
  title: "The server destroyed a client ID that was in use",
  rfc: "RFC 8881 18.50.3",
  help: {
    means:
      "DESTROY_CLIENTID succeeded although a session of the client ID had been in use within the lease and was not destroyed, or although the request came in that very session.",
    hurts:
      "Sessions, opens and locks of a living client are swept away by one request, without a word to the program that holds them.",
    todo: "In the server, refuse DESTROY_CLIENTID with NFS4ERR_CLIENTID_BUSY while the client ID has sessions or state.",
  },
  pynfs: ["DESCID5"],
  downgrades: { M: 1, H: 1, V: 1, G: 1, P: "off", T: 1 },
  watch(context) {
    const destroyed = new DestroyedClients(context);
    return {
      ...destroyed.handlers,
      "destroy-clientid"(operation) {
        const { call, reply, status } = operation;
        const use = status === NFS4_OK ? destroyed.useOf(operation) : null;
        if (use === null || !use.isProven || reply === null) return;
        const isLeaseKnown = use.isUnderItself || call.connection.serverInstance?.leaseSeconds != null;
        const latest = Math.max(...use.live.map(lastKnownAt));
        const why = use.isUnderItself
          ? "though it came behind a SEQUENCE of the same client ID"
          : `though a session of it had been served ${seconds(call.at - latest)} before`;
        context.report({
          ...use.subject,
          because: isLeaseKnown ? use.doubts : [...use.doubts, "V"],
          since: use.since,
          frames: exchangeFrames(call, reply),
          expected: { status: [NFS4ERR_CLIENTID_BUSY] },
          actual: { status: [NFS4_OK] },
          message: `DESTROY_CLIENTID of client ID 0x${operation.args.clientId} succeeded ${why}`,
        });
      },
    };
  },
};
