import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { CLOCK_BOUND_NANOS } from "../travel.ts";

/** Two clocks that do not agree. */
export const captureClockSkew: Rule = {
  id: "capture-clock-skew",
  severity: "warning",
  fault: "capture",
  title: "Replies were captured before their calls",
  rfc: null,
  help: {
    means:
      "Call and reply were recorded on different interfaces or in different files, and by their times the reply came first: the clocks differ. A note where the difference is within what is allowed for anyway.",
    hurts:
      "The order of events on different connections cannot be trusted, and latencies are wrong by as much. Calls were matched with their replies all the same.",
    todo: "Synchronise the clocks of the machines that capture (PTP, chrony), or shift one file with `editcap -t`.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { clockSkewNanos, clockSkewSighting } = capture;
      if (clockSkewNanos <= 0) return;
      report({
        session: null,
        connection: null,
        severity: clockSkewNanos > CLOCK_BOUND_NANOS ? "warning" : "note",
        frames: clockSkewSighting === null ? [] : [clockSkewSighting],
        message: `replies were captured up to ${seconds(clockSkewNanos)} before their calls: the clocks of the interfaces or files differ by at least that`,
      });
    },
  }),
};
