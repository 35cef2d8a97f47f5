import type { Rule } from "../rule.ts";

/** Half of a conversation. */
export const captureOneWay: Rule = {
  id: "capture-one-way",
  severity: "warning",
  fault: "capture",
  title: "Only one direction of a connection was captured",
  rfc: null,
  help: {
    means:
      "One side's packets were captured, and they acknowledge data of the other side of which there is no packet at all.",
    hurts:
      "Calls cannot be matched with replies: whether a slot was busy, what was answered and who is to blame cannot be known.",
    todo: "Mirror both directions of the port, or capture on one of the hosts; look for asymmetric routes and for bonded interfaces.",
  },
  downgrades: {},
  watch: ({ report, connections }) => ({
    end() {
      for (const connection of connections) {
        if (connection.oneWay === null) continue;
        const other = connection.oneWay === "client" ? "server" : "client";
        report({
          session: null,
          connection,
          frames: [connection.opened],
          message: `only packets of the ${connection.oneWay} were captured on ${connection.name}, none of the ${other}`,
        });
      }
    },
  }),
};
