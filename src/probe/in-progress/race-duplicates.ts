import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { RpcConnection } from "../../requester/rpc-connection.ts";
import { allOk, firstStatus, sameReplyAs, sequenceOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import { witness } from "../witness.ts";
import { races, type Second, SLOW_WISHES } from "./races.ts";

export const DUPLICATE_REQUIRES = "DELAY on SEQUENCE (SHOULD); the request is executed once and keeps its reply.";
export const DUPLICATE_PERMITS = "SEQ_MISORDERED; or to wait, and give the reply of the original.";
export const DUPLICATE_DEVIATIONS =
  "chimera and nfs4j answer NFS4ERR_RETRY_UNCACHED_REP, buildbarn never answers. nfs-ganesha waits, which is permitted.";

/** Sends slow requests, each with its duplicate at once on the connection that `pathOf` gives. */
export async function raceDuplicates(
  bench: Bench,
  pathOf: (client: ProbeClient, session: ProbeSession) => Promise<RpcConnection>,
): Promise<void> {
  const { client, session } = await bench.clientWithSession(SLOW_WISHES);
  const connection = await pathOf(client, session);
  const holder = await witness(bench);
  const again: Second = (seq, operations) => session.sequence(seq, 0, { cachethis: true, connection }, ...operations);
  let count = 0;
  for await (const race of races(bench, { session, holder, connection }, again)) {
    const { seq, operations, slow, second, isHeld, isOvertaken } = race;
    count++;
    // On two connections the duplicate may arrive first, and is the original then.
    const [original, duplicate] = sequenceOk.fits(slow) ? [slow, second] : [second, slow];
    if (!isHeld) bench.need(original, allOk, "a slow request");
    const waited = sameReplyAs(original);
    if (!isHeld && !isOvertaken && waited.fits(duplicate)) continue;
    bench.expect(duplicate, firstStatus(NFS4ERR_DELAY), firstStatus(NFS4ERR_SEQ_MISORDERED), waited);
    bench.expect(await again(seq, operations), sameReplyAs(original));
    await bench.expectNext(session, 0, seq + 1);
    return;
  }
  bench.inconclusive(
    `${count} requests were too fast: each was answered before its duplicate can be said to have come`,
  );
}
