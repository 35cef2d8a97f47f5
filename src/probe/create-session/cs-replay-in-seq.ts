import { CREATE_SESSION4res } from "../../nfs4/ops/session.ts";
import { allOk, sameResultAs } from "../answers.ts";
import { destroySession } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { previousSeq } from "./create-sequence.ts";

export const csReplayInSeq: Probe = {
  id: "cs-replay-in-seq",
  title: "CREATE_SESSION is retried with a SEQUENCE before it, and one that had a SEQUENCE without",
  requires: "The same result again: its reply cache is not that of any session.",
  rfc: "RFC 8881 §18.36.4",
  pynfs: ["CSESS5a", "CSESS5b"],
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const { connection } = session;
    const { exchange: alone } = await client.createSession(connection);
    bench.expect(alone, allOk);
    const again = client.createSessionOperation({}, { csa_sequence: previousSeq(client) });
    bench.expect(await session.sequence(1, 0, {}, again), sameResultAs(alone, CREATE_SESSION4res));

    const next = client.createSessionOperation();
    const behind = await session.sequence(2, 0, {}, next);
    bench.expect(behind, allOk);
    bench.expect(await client.alone(connection, {}, next), sameResultAs(behind, CREATE_SESSION4res));
    const id = behind.result(CREATE_SESSION4res)?.csr_resok4?.csr_sessionid;
    if (id !== undefined) bench.expect(await client.alone(connection, {}, destroySession(id)), allOk);
    await bench.expectNext(session, 0, 3);
  },
};
