import { CREATE_SESSION4res } from "../../nfs4/ops/session.ts";
import { allOk, sameReplyAs } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { createSeq } from "./create-sequence.ts";
import { expectOnlySession } from "./expect-only-session.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

export const csReplay: Probe = {
  id: "cs-replay",
  title: "CREATE_SESSION is sent twice",
  requires: "csr_sequence as asked; the same result again, and one session.",
  rfc: "RFC 8881 §18.36.3, §18.36.4",
  pynfs: ["CSESS5"],
  knownDeviations: "nfs4j works the result out anew.",
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const csa_sequence = createSeq(client);
    const { exchange: original, session } = await client.createSession(connection);
    bench.expect(original, allOk);
    if (session === null) return;
    const { csr_sequence } = original.result(CREATE_SESSION4res)!.csr_resok4!;
    bench.check(csr_sequence === csa_sequence, `csr_sequence ${csa_sequence}`, `csr_sequence ${csr_sequence}`);
    const again = client.createSessionOperation({}, { csa_sequence });
    bench.expect(await client.alone(connection, {}, again), sameReplyAs(original));
    await expectOnlySession(bench, client, session);
  },
};
