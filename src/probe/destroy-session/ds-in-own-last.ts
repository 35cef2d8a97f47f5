import { allOk, anyErrorFrom } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { destroySession, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { badSession } from "./unknown-session.ts";

export const dsInOwnLast: Probe = {
  id: "ds-in-own-last",
  title: "DESTROY_SESSION behind the SEQUENCE of its own session",
  requires:
    "An error when it is not the last operation (NOT_ONLY_OP is customary), and the session lives on; OK when it is, and the session is gone.",
  rfc: "RFC 8881 §18.37.3",
  pynfs: ["DSESS9004"],
  knownDeviations: "DittoFS answers DELAY to the one that is last.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const { connection } = session;
    await client.createSession(connection);
    const early = await session.sequence(1, 0, {}, destroySession(session.id), putRootFh());
    bench.expect(early, anyErrorFrom(0));
    const seq = await expectSlotAfter(bench, session, early, 1);
    bench.expect(await session.sequence(seq, 0, {}, destroySession(session.id)), allOk);
    bench.expect(await session.sequence(seq + 1, 0), badSession);
  },
};
