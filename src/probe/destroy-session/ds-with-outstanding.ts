import { NFS4_OK, NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import { races, SLOW_WISHES } from "../in-progress/races.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";

export const dsWithOutstanding: Probe = {
  id: "ds-with-outstanding",
  title: "DESTROY_SESSION while a request of the session runs",
  requires: "OK, at once or when the request is over, or DELAY, and then OK once it is.",
  rfc: "RFC 8881 §18.37.3; RFC 7862 §14.1",
  writes: true,
  async run(bench) {
    const { client, session } = await bench.clientWithSession(SLOW_WISHES);
    const connection = await client.connect();
    bench.need(await session.bind(connection), allOk, "a second connection");
    const holder = await witness(bench);
    const destroy = () => session.destroy(connection);
    for await (const { slow, second, isHeld } of races(bench, { session, holder, connection }, destroy)) {
      bench.note(`the request that ran: ${slow.text}`);
      bench.expect(second, firstStatus(NFS4_OK, NFS4ERR_DELAY));
      if (second.status === NFS4ERR_DELAY) bench.expect(await destroy(), allOk);
      else if (!isHeld) bench.inconclusive("no request can be held up here: it may have been over");
      return;
    }
  },
};
