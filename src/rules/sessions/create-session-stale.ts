import { NFS4ERR_STALE_CLIENTID } from "../../nfs4/constants.ts";
import type { Facts } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** The server does not know the client ID (any more). */
export const createSessionStale: Rule = {
  id: "create-session-stale",
  severity: "note",
  fault: "client",
  title: "CREATE_SESSION or DESTROY_CLIENTID named a client ID that the server does not know",
  rfc: "RFC 8881 18.36.4, 18.50.3, 2.4, 8.4.2",
  help: {
    means:
      "NFS4ERR_STALE_CLIENTID: the server restarted, the lease of the client ID ran out, or a newer incarnation of the client replaced it. The client has to start over with EXCHANGE_ID.",
    hurts: "Open files and locks of the old client ID are gone unless they can be reclaimed.",
    todo: "Look for the reason: a restart of the server, a network outage longer than the lease, or two clients with one owner string.",
  },
  downgrades: {},
  oncePerUpheaval: true,
  watch({ report }) {
    const check = (seen: Facts["create-session"] | Facts["destroy-clientid"], next: string) => {
      const { call, args, reply, status, client } = seen;
      if (status !== NFS4ERR_STALE_CLIENTID) return;
      report({
        ...subject(call, null),
        client,
        frames: exchangeFrames(call, reply),
        expected: { text: next },
        actual: { status: [status] },
        message: `client ID 0x${args.clientId} is unknown to the server: restart, expired lease or replaced client`,
      });
    };
    return {
      "create-session": (seen) => check(seen, "EXCHANGE_ID next"),
      "destroy-clientid": (seen) => check(seen, "a client ID that EXCHANGE_ID gave"),
    };
  },
};
