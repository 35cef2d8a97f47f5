import { NFS4ERR_REQ_TOO_BIG } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { exchangeReport } from "../whole-answer.ts";

/** A request beyond ca_maxrequestsize. */
export const requestTooBig: Rule = {
  id: "request-too-big",
  severity: "error",
  fault: "client",
  title: "A request is longer than the session allows",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "CREATE_SESSION's reply granted ca_maxrequestsize for the fore channel: the length of the whole RPC call with its credentials, without the record mark. This call is longer.",
    hurts:
      "The server may answer NFS4ERR_REQ_TOO_BIG, on SEQUENCE or on the operation that exceeds the limit: the write does not take place, and one that is retried in the same size never will.",
    todo: "In the client, take the RPC header, the credentials and the other operations off the granted size before choosing the size of a WRITE.",
    seenIn: "Servers that never check: DittoFS, nfs-ganesha, nfs4j, buildbarn",
  },
  downgrades: { V: "off" },
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      if (call.length <= granted.maxRequestSize) return;
      const message = `the call has ${call.length} bytes, where ca_maxrequestsize is ${granted.maxRequestSize}`;
      report(exchangeReport(call, message, { status: [NFS4ERR_REQ_TOO_BIG] }));
    },
  }),
};
