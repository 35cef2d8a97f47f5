import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

const ROUNDS = 3;

export const multiSessionConn: Probe = {
  id: "multi-session-conn",
  title: "Two sessions take turns on one connection",
  requires: "Both go on: a connection belongs to as many sessions as use it.",
  rfc: "RFC 8881 §2.10.3.1",
  knownDeviations: "DittoFS knows one session for each connection.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const { exchange, session: other } = await client.createSession(session.connection);
    bench.expect(exchange, allOk);
    if (other === null) return;
    for (let seq = 1; seq <= ROUNDS; seq++) {
      for (const each of [session, other]) bench.expect(await each.sequence(seq, 0), allOk);
    }
  },
};
