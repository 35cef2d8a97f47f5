import { NFS4ERR_CONN_NOT_BOUND_TO_SESSION } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const retryOtherConn: Probe = {
  id: "retry-other-conn",
  title: "A retry comes on another connection",
  requires: "The reply of the original again, on the connection of the retry.",
  permits: "CONN_NOT_BOUND_TO_SESSION, and the reply once the connection is bound.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.3.1, §2.9.2",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const other = await client.connect();
    const send = (connection = session.connection) =>
      session.sequence(1, 0, { cachethis: true, connection }, putRootFh(), getAttr("type", "fsid"));
    const original = await send();
    bench.expect(original, allOk);
    const notBound = firstStatus(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    if (bench.expect(await send(other), sameReplyAs(original), notBound) === "pass-alternative") {
      bench.need(await session.bind(other), allOk, "a second connection");
      bench.expect(await send(other), sameReplyAs(original));
    }
    await bench.expectNext(session, 0, 2);
  },
};
