import { NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { WISHED_CHANNELS } from "../../session/connection.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { boundAs } from "./bound.ts";

const { fore, back, foreOrBoth } = WISHED_CHANNELS;

export const bindAgain: Probe = {
  id: "bind-again",
  title: "A connection is bound a second time",
  requires:
    "OK for FORE again, and for FORE_OR_BOTH, which demands no change; INVAL for BACK, which does, and the connection stays of use.",
  rfc: "RFC 8881 §18.34.3",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const again = [boundAs(fore), boundAs(foreOrBoth), firstStatus(NFS4ERR_INVAL)];
    for (const [index, wished] of [fore, foreOrBoth, back].entries()) {
      const connection = await client.connect();
      bench.need(await session.bind(connection, fore), allOk, "a connection of the fore channel");
      bench.expect(await session.bind(connection, wished), again[index]!);
      bench.expect(await session.sequence(index + 1, 0, { connection }), allOk);
    }
  },
};
