import { serverRejectedValid } from "../reply-cache/server-rejected-valid.ts";
import type { Rule } from "../rule.ts";
import { turnedRound } from "../twin.ts";

/** The next sequence id on an idle callback slot is never wrong. */
export const backchannelMisorderedByClient: Rule = {
  ...turnedRound(serverRejectedValid),
  id: "backchannel-misordered-by-client",
  title: "The client refused the right sequence id of a callback",
  rfc: "RFC 8881 20.9.3, 2.10.6.1",
  help: {
    means:
      "The callback carried the next sequence id of a slot whose last reply had been sent, and CB_SEQUENCE failed with NFS4ERR_SEQ_MISORDERED or NFS4ERR_SEQ_FALSE_RETRY: the client's slot stands elsewhere.",
    hurts:
      "The server cannot know what sequence id the client wants. The slot is lost for callbacks; when it was the last one, delegations and layouts are revoked instead of recalled.",
    todo: "In the client, look for a callback slot that is moved by a callback that was refused, or not moved by one that was executed.",
    seenIn: "Linux clients before 2016 when the sequence id wrapped: they wanted 1 after 0xffffffff",
  },
};
