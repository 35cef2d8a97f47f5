import { allOk } from "../answers.ts";
import { destroySession, getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { badSession } from "./unknown-session.ts";

export const dsInOther: Probe = {
  id: "ds-in-other",
  title: "DESTROY_SESSION behind the SEQUENCE of another client's session",
  requires: "OK in any position, from a connection of both sessions, and the operations behind it run.",
  rfc: "RFC 8881 §18.37.3, §2.10.3.1",
  async run(bench) {
    const session = await bench.session();
    const other = await bench.session();
    const { connection } = session;
    bench.need(await other.sequence(1, 0, { connection }), allOk, "one connection for two sessions");
    const destroyed = await session.sequence(1, 0, {}, destroySession(other.id), putRootFh(), getAttr("type"));
    bench.expect(destroyed, allOk);
    bench.expect(await other.sequence(2, 0, { connection }), badSession);
    await bench.expectNext(session, 0, 2);
  },
};
