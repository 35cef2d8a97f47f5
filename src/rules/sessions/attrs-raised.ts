import { type AttributeViolation, violations } from "../../session/channel-attributes.ts";
import type { Facts } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A server may lower the sizes that the client asked for, never raise them. */
export const attrsRaised: Rule = {
  id: "attrs-raised",
  severity: "error",
  fault: "server",
  title: "The server granted more than the client had asked for",
  rfc: "RFC 8881 18.36.3",
  help: {
    means:
      "In CREATE_SESSION the server must not raise ca_headerpadsize, ca_maxrequestsize, ca_maxresponsesize, ca_maxresponsesize_cached or ca_rdma_ird above the client's wish, on either channel.",
    hurts:
      "The client set its buffers up for what it asked for: larger messages are cut off or dropped, or the client refuses the session.",
    todo: "In the server, grant the smaller of the wish and its own limit.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"(created) {
      const { call, reply, session, client } = created;
      const raised = raisedAttributes(created);
      if (raised.length === 0) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { text: "no more than requested" },
        actual: { text: raised.join(", ") },
        message: `granted more than requested: ${raised.join(", ")}`,
      });
    },
  }),
};

function raisedAttributes({ args, result, standing }: Facts["create-session"]): string[] {
  // A replay repeats what was granted to the first call. RFC 8881 §18.36.4
  if (result === null || standing === "replay") return [];
  const text = (channel: string) => (violation: AttributeViolation) =>
    `${channel} ${violation.attribute} ${violation.granted} instead of ${violation.requested}`;
  const isRaised = ({ rule }: AttributeViolation) => rule === "raised";
  return [
    ...violations(args.fore, result.fore, "fore").filter(isRaised).map(text("fore")),
    ...violations(args.back, result.back, "back").filter(isRaised).map(text("back")),
  ];
}
