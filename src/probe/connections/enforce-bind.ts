import type { Probe } from "../probe.ts";

export const enforceBind: Probe = {
  id: "enforce-bind",
  title: "SEQUENCE on a new connection where the client wants BIND_CONN_TO_SESSION enforced",
  requires: "CONN_NOT_BOUND_TO_SESSION until the connection is bound.",
  rfc: "RFC 8881 §18.35.3, §18.46.3, §15.1.11.6",
  async run(bench) {
    bench.skip("SP4_MACH_CRED needs RPCSEC_GSS, which these probes do not speak");
  },
};
