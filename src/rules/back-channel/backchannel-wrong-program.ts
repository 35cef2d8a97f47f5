import { CallbackOffers, OFFERING_OPERATIONS, offerReport } from "../callback-offers.ts";
import type { Rule } from "../rule.ts";

/** The client chooses the program number of its callbacks. */
export const backchannelWrongProgram: Rule = {
  id: "backchannel-wrong-program",
  severity: "error",
  fault: "server",
  title: "A callback does not have the program number that the client asked for",
  rfc: "RFC 8881 18.36.3, 18.33.3",
  help: {
    means:
      "csa_cb_program of CREATE_SESSION, or bca_cb_program of a later BACKCHANNEL_CTL, is the RPC program number that callbacks must have. This one has another.",
    hurts: "The client has no such program and answers PROG_UNAVAIL: no callback of the session gets through.",
    todo: "In the server, keep the program number with the session, and take BACKCHANNEL_CTL into account.",
  },
  downgrades: { M: 1, G: "off", O: 1, T: 1, P: "off" },
  channel: "both",
  operations: OFFERING_OPERATIONS,
  callbackOperations: [],
  watch(context) {
    const offers = new CallbackOffers(context);
    return {
      ...offers.handlers,
      "callback-call"(call) {
        const wanted = offers.programMissedBy(call);
        if (wanted === null || call.callback === null) return;
        const { program } = call.callback;
        context.report({
          ...offerReport(call, context),
          expected: { text: programText(wanted) },
          actual: { text: programText(program) },
          message: `a callback has program ${programText(program)}, the client asked for ${programText(wanted)}`,
        });
      },
    };
  },
};

function programText(program: number): string {
  return `0x${program.toString(16)}`;
}
