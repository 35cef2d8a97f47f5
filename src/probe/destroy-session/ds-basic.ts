import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { badSession } from "./unknown-session.ts";

export const dsBasic: Probe = {
  id: "ds-basic",
  title: "A session that was destroyed is gone",
  requires: "DESTROY_SESSION succeeds; SEQUENCE of that session gets BADSESSION, another session goes on.",
  rfc: "RFC 8881 §18.37.3, §15.1.11.1",
  pynfs: ["DSESS1"],
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    // A connection without a session may be closed. §18.37.3
    const { session: other } = await client.createSession(session.connection);
    bench.expect(await session.sequence(1, 0), allOk);
    bench.expect(await session.destroy(), allOk);
    bench.expect(await session.sequence(2, 0), badSession);
    if (other !== null) await bench.expectNext(other, 0, 1);
  },
};
