import { NFS4ERR_CONN_NOT_BOUND_TO_SESSION } from "../../nfs4/constants.ts";
import { firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const dsUnboundConn: Probe = {
  id: "ds-unbound-conn",
  title: "DESTROY_SESSION from a connection that is not the session's",
  requires: "CONN_NOT_BOUND_TO_SESSION; the session lives on.",
  rfc: "RFC 8881 §18.37.3, §15.1.11.6",
  pynfs: ["DSESS9001"],
  knownDeviations: "knfsd and buildbarn destroy the session, DittoFS answers OP_NOT_IN_SESSION.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const stranger = await client.connect();
    const refused = firstStatus(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    if (bench.expect(await session.destroy(stranger), refused) === "pass") await bench.expectNext(session, 0, 1);
  },
};
