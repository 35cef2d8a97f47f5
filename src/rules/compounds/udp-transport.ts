import type { Rule } from "../rule.ts";

/** NFSv4.1 over UDP. */
export const udpTransport: Rule = {
  id: "udp-transport",
  severity: "error",
  fault: "client",
  title: "NFSv4.1 is spoken over UDP",
  rfc: "RFC 8881 2.9.1",
  help: {
    means:
      "A COMPOUND or CB_COMPOUND of minor version 1 or above came in a UDP datagram. UDP by itself must not carry NFSv4.1: it loses and reorders without anybody noticing.",
    hurts:
      "There is no connection to bind to a session, so that its rules on retries and channels have nothing to stand on.",
    todo: "Mount over TCP (proto=tcp) or RDMA. Nothing else is looked at in these datagrams.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "compound-over-udp"({ from, to, isCallback, minorVersion, seen }) {
      report({
        fault: isCallback ? "server" : "client",
        frames: [seen],
        expected: { text: "TCP, or another transport that controls congestion" },
        actual: { text: "UDP" },
        message: `${isCallback ? "CB_COMPOUND" : "COMPOUND"} of minor version ${minorVersion} from ${from} to ${to} in a UDP datagram`,
      });
    },
  }),
};
