import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sameReplyAs } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { expectOnlySession } from "./expect-only-session.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

export const csConcurrent: Probe = {
  id: "cs-concurrent",
  title: "CREATE_SESSION comes twice at once, on two connections",
  requires: "The same result twice, and one session.",
  permits: "DELAY or SEQ_MISORDERED to the second while the first runs.",
  rfc: "RFC 8881 §18.36.4",
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const connections = [connection, await client.connect()];
    const both = await Promise.all(connections.map((each) => client.createSession(each)));
    const made = both.find(({ session }) => session !== null);
    const other = both.find((each) => each !== made)!;
    bench.expect((made ?? other).exchange, allOk);
    if (made === undefined) return;
    const original = made.exchange;
    const busy = [firstStatus(NFS4ERR_DELAY), firstStatus(NFS4ERR_SEQ_MISORDERED)];
    bench.expect(other.exchange, sameReplyAs(original), ...busy);
    await expectOnlySession(bench, client, made.session!);
  },
};
