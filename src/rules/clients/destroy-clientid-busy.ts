import { NFS4_OK, NFS4ERR_CLIENTID_BUSY, statusName } from "../../nfs4/constants.ts";
import { counted } from "../counted.ts";
import { DestroyedClients } from "../destroyed-clients.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A client ID is destroyed after its sessions, not before. */
export const destroyClientidBusy: Rule = {
  id: "destroy-clientid-busy",
  severity: "warning",
  fault: "client",
  title: "DESTROY_CLIENTID named a client ID that is in use",
  rfc: "RFC 8881 18.50.3, 2.4.2",
  help: {
    means:
      "DESTROY_CLIENTID came while sessions of the client ID lived, or behind a SEQUENCE of the very same client ID. Where all sessions that were seen are gone and the server still says NFS4ERR_CLIENTID_BUSY, it holds state that the capture does not show; that is only noted.",
    hurts:
      "The server must refuse with NFS4ERR_CLIENTID_BUSY; the client ID and its state stay until the lease is over.",
    todo: "In the client, give back all state, send DESTROY_SESSION for each session, wait for the replies, then send DESTROY_CLIENTID without a SEQUENCE.",
  },
  pynfs: ["CSESS5", "DESCID5"],
  downgrades: { M: 1, H: 1, G: 1, P: "off", T: 1 },
  watch(context) {
    const destroyed = new DestroyedClients(context);
    return {
      ...destroyed.handlers,
      "destroy-clientid"(operation) {
        const { call, reply, status } = operation;
        const use = destroyed.useOf(operation);
        if (use === null || reply === null) return;
        const isBusy = status === NFS4ERR_CLIENTID_BUSY;
        const isOffence = use.isUnderItself || use.live.length > 0;
        if (!isBusy && !(status === NFS4_OK && use.isProven)) return;
        context.report({
          ...use.subject,
          severity: isOffence ? "warning" : "note",
          fault: isOffence ? "client" : "none",
          because: isOffence ? use.doubts : [],
          since: use.since,
          frames: exchangeFrames(call, reply),
          expected: { status: [NFS4ERR_CLIENTID_BUSY] },
          actual: { status: [status] },
          message: `DESTROY_CLIENTID of client ID 0x${operation.args.clientId} ${reasonOf(use)}: ${statusName(status)}`,
        });
      },
    };
  },
};

function reasonOf({ isUnderItself, live }: { isUnderItself: boolean; live: readonly unknown[] }): string {
  if (isUnderItself) return "came behind a SEQUENCE of the same client ID";
  if (live.length > 0) return `came while ${counted(live.length, "session")} of it lived`;
  return "was refused, though every session of it that was seen is gone";
}
