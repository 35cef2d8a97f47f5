import type { OperationValue } from "../../nfs4/compound-writer.ts";
import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";

/** How long after the request the connection breaks: while it is on its way, and when its reply waits to be read. */
export const BREAKS_AFTER_MILLIS = [0, 200];
const TRIES_MAX = 20;
const TRY_AGAIN_MILLIS = 100;
const stillRuns = firstStatus(NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED);

/** Sends a request on slot 0, breaks its connection off before the reply is read, and moves the session to a new one. */
export async function loseReply(
  bench: Bench,
  { client, session }: { client: ProbeClient; session: ProbeSession },
  breakAfterMillis: number,
  seq: number,
  operations: readonly OperationValue[],
): Promise<void> {
  const { connection } = session;
  connection.pauseReading();
  void session.sequence(seq, 0, { cachethis: true }, ...operations);
  if (breakAfterMillis > 0) await bench.pause(breakAfterMillis);
  connection.reset();
  session.moveTo(await client.connect());
}

/** Sends until the server does not say any more that the request before still runs. RFC 8881 §2.10.6.2 */
export async function untilDone(bench: Bench, send: () => Promise<Exchange>): Promise<Exchange> {
  for (let tries = 1; ; tries++) {
    const exchange = await send();
    if (tries === TRIES_MAX || !stillRuns.fits(exchange)) return exchange;
    await bench.pause(TRY_AGAIN_MILLIS);
  }
}
