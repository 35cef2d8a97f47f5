import { CallbackOffers, credentialText, OFFERING_OPERATIONS, offerReport } from "../callback-offers.ts";
import type { Rule } from "../rule.ts";

/** The client says which credentials its callbacks may have. */
export const backchannelSecNotOffered: Rule = {
  id: "backchannel-sec-not-offered",
  severity: "error",
  fault: "server",
  title: "A callback has a credential that the client did not offer",
  rfc: "RFC 8881 2.10.8.2, 18.36.3",
  help: {
    means:
      "csa_sec_parms of CREATE_SESSION, and bca_sec_parms of BACKCHANNEL_CTL, list the flavors and users that callbacks may come with. This one has another flavor, or another AUTH_SYS user or group. CB_NULL is exempt.",
    hurts:
      "The client refuses it with an authentication error; or, if it does not look, takes callbacks from anybody who can reach the connection.",
    todo: "In the server, use the first credential of csa_sec_parms that it can use.",
    seenIn: "DittoFS always sends AUTH_NONE",
  },
  downgrades: { M: 1, G: "off", T: 1, P: "off" },
  channel: "both",
  operations: OFFERING_OPERATIONS,
  callbackOperations: [],
  watch(context) {
    const offers = new CallbackOffers(context);
    return {
      ...offers.handlers,
      "callback-call"(call) {
        const offered = offers.credentialsMissedBy(call);
        if (offered === null || call.callback === null) return;
        const used = credentialText(call.callback.credential);
        const wanted = offered.map(credentialText).join(", ");
        context.report({
          ...offerReport(call, context),
          expected: { text: wanted },
          actual: { text: used },
          message: `a callback came with ${used}, the client had offered ${wanted}`,
        });
      },
    };
  },
};
