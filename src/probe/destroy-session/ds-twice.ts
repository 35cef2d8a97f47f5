import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { badSession } from "./unknown-session.ts";

export const dsTwice: Probe = {
  id: "ds-twice",
  title: "A session is destroyed twice",
  requires: "DESTROY_SESSION succeeds once and gets BADSESSION then.",
  rfc: "RFC 8881 §18.37.3, §15.1.11.1",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    // A connection without a session may be closed. §18.37.3
    await client.createSession(session.connection);
    bench.expect(await session.destroy(), allOk);
    bench.expect(await session.destroy(), badSession);
  },
};
