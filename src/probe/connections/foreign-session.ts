import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const foreignSession: Probe = {
  id: "foreign-session",
  title: "A session is used from another client's connection, as another user",
  requires:
    "Every client has sessions of its own; SEQUENCE succeeds all the same, since SP4_NONE protects nothing but by the id.",
  rfc: "RFC 8881 §2.10.3.1, §2.10.1, §18.35.3",
  async run(bench) {
    const session = await bench.session();
    const other = await bench.session();
    const ids = [session.id, other.id].map(sessionIdText);
    bench.check(ids[0] !== ids[1], "a session of its own for each client", `sessions ${ids.join(" and ")}`);
    const { connection } = other;
    bench.expect(await session.sequence(1, 0, { connection, cred: bench.otherCredential }), allOk);
    await bench.expectNext(session, 0, 2);
    await bench.expectNext(other, 0, 1);
  },
};
