import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const implicitBind: Probe = {
  id: "implicit-bind",
  title: "SEQUENCE on a new connection",
  requires: "OK: under SP4_NONE that alone makes it a connection of the session. The first goes on.",
  rfc: "RFC 8881 §2.10.3.1, §18.34.3",
  pynfs: ["SEQ4"],
  knownDeviations: "DittoFS wants BIND_CONN_TO_SESSION first.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const connection = await client.connect();
    bench.expect(await session.sequence(1, 0, { connection }), allOk);
    bench.expect(await session.sequence(2, 0), allOk);
    bench.expect(await session.sequence(3, 0, { connection }), allOk);
  },
};
