import {
  CREATE_SESSION4_FLAG_PERSIST,
  NFS4ERR_BADSESSION,
  NFS4ERR_DEADSESSION,
  NFS4ERR_STALE_CLIENTID,
} from "../../nfs4/constants.ts";
import type { RpcConnection } from "../../requester/rpc-connection.ts";
import { SocketError } from "../../sys/sockets.ts";
import { allOk, firstStatus, sameReplyAs } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";

const OPERATOR_MILLIS_MAX = 300_000;
const MILLIS_MAX = OPERATOR_MILLIS_MAX + 60_000;
const RECONNECT_MILLIS = 500;

/** Restarts the server, or waits until somebody has. */
async function afterRestart(bench: Bench, { connection }: ProbeSession): Promise<void> {
  const { ownServer, timers } = bench.settings;
  if (ownServer !== undefined) {
    await ownServer.restart();
    return;
  }
  bench.note("waiting for the connection to drop: restart the server now");
  const lost = connection.lost.then(() => true);
  const late = new Promise<false>((resolve) => {
    const cancel = timers.after(OPERATOR_MILLIS_MAX, () => resolve(false));
    void lost.then(cancel);
  });
  if (!(await Promise.race([lost, late]))) bench.skip(`nobody restarted the server within ${OPERATOR_MILLIS_MAX} ms`);
}

/** A connection as soon as the server takes one. */
async function reconnected(bench: Bench, client: ProbeClient): Promise<RpcConnection> {
  for (;;) {
    try {
      return await client.connect();
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      await bench.pause(RECONNECT_MILLIS);
    }
  }
}

/** Nothing was promised: the reply cache is lost, and the session with it. RFC 8881 §2.10.13.1.4 */
function expectLoss(bench: Bench, retry: Exchange, next: Exchange): void {
  if (allOk.fits(retry)) bench.inconclusive("the session is still there: only the connection was lost");
  bench.expect(retry, firstStatus(NFS4ERR_BADSESSION));
  bench.expect(next, firstStatus(NFS4ERR_BADSESSION));
}

/** Uses a session before and after a restart, and makes another one. */
async function outlive(bench: Bench): Promise<void> {
  const { client, session } = await bench.clientWithSession({ flags: CREATE_SESSION4_FLAG_PERSIST });
  const asked = [putRootFh(), getAttr("type", "fsid")];
  const original = await session.sequence(1, 0, { cachethis: true }, ...asked);
  bench.need(original, allOk, "a reply to be kept");
  await afterRestart(bench, session);
  const connection = await reconnected(bench, client);
  const retry = await session.sequence(1, 0, { cachethis: true, connection }, ...asked);
  const next = await session.sequence(2, 0, { connection });
  if ((session.session.model.record.flags & CREATE_SESSION4_FLAG_PERSIST) === 0) {
    expectLoss(bench, retry, next);
  } else {
    bench.expect(retry, sameReplyAs(original));
    bench.expect(next, firstStatus(NFS4ERR_DEADSESSION), allOk);
  }
  const again = await client.createSession(connection);
  bench.expect(again.exchange, firstStatus(NFS4ERR_STALE_CLIENTID), allOk);
  bench.need(await client.exchangeId(connection), allOk, "a client ID of the new instance");
  bench.expect((await client.createSession(connection)).exchange, allOk);
}

export const restart: Probe = {
  id: "restart",
  title: "What a restart leaves of a session",
  requires:
    "BADSESSION; where CREATE_SESSION granted PERSIST, the cached reply for a retry and DEADSESSION for the rest.",
  permits: "A persistent session may go on.",
  rfc: "RFC 8881 §2.10.6.5, §2.10.13.1.4, §18.36.3",
  knownDeviations: "buildbarn grants PERSIST and keeps nothing.",
  optIn: "the server has to be restarted while it waits, for five minutes at most: every client loses its sessions",
  millisMax: MILLIS_MAX,
  async run(bench) {
    // Once may be a catastrophe, after which a promise need not be kept. RFC 8881 §2.10.6.5
    const restarts = bench.settings.ownServer === undefined ? 1 : 2;
    for (let restarted = 0; restarted < restarts; restarted++) await outlive(bench);
  },
};
