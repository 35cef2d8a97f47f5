import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_NOSPC } from "../../nfs4/constants.ts";
import { SocketError } from "../../sys/sockets.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Probe } from "../probe.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";

/** More than clients need; a server that takes these may take any number. */
const SESSIONS_MAX = 64;
const CONNECTIONS_MAX = 64;

/** Makes sessions until one is refused, and uses all of them; gives the first. */
async function countSessions(bench: Bench, client: ProbeClient): Promise<ProbeSession> {
  const first = await bench.session({ flags: 0 }, client);
  const sessions = [first];
  while (sessions.length < SESSIONS_MAX) {
    const { exchange, session } = await client.createSession(first.connection, { flags: 0 });
    bench.expect(exchange, allOk, firstStatus(NFS4ERR_NOSPC, NFS4ERR_DELAY));
    if (session === null) break;
    sessions.push(session);
  }
  bench.note(`${sessions.length} sessions of one client`);
  const answers = await Promise.all(sessions.map((session) => session.sequence(1, 0)));
  const usable = answers.filter(({ status }) => status === NFS4_OK).length;
  bench.check(usable === sessions.length, `all ${sessions.length} sessions can be used`, `${usable} of them can`);
  return first;
}

/** Binds connections until one is refused; the session goes on by the others. */
async function countConnections(bench: Bench, client: ProbeClient, session: ProbeSession): Promise<void> {
  let bound = 1;
  while (bound < CONNECTIONS_MAX && (await bindOne(bench, client, session, bound))) bound++;
  bench.note(`${bound} connections of one session`);
  await bench.expectNext(session, 0, bound + 1);
}

/** Binds the connection of that number and uses it; false when the server wants no more. */
async function bindOne(bench: Bench, client: ProbeClient, session: ProbeSession, number: number): Promise<boolean> {
  const connection = await client.connect().catch((error: unknown) => {
    if (error instanceof SocketError) return null;
    throw error;
  });
  if (connection === null) return false;
  const bind = await session.bind(connection);
  if (bind.outcome.kind === "lost") return false;
  if (bench.expect(bind, allOk, firstStatus(NFS4ERR_DELAY)) !== "pass") return false;
  return bench.expect(await session.sequence(number + 1, 0, { connection }), allOk) === "pass";
}

export const sessionsPerClient: Probe = {
  id: "sessions-per-client",
  title: "A server that has enough of sessions or connections says so, and goes on with those it has",
  requires: `${SESSIONS_MAX} sessions of a client and ${CONNECTIONS_MAX} connections of a session, each of which works.`,
  permits: "NOSPC or DELAY for one more session; DELAY or no connection for one more connection.",
  rfc: "RFC 8881 §18.36.3, §18.34.3, §2.10.3.1",
  knownDeviations: "DittoFS answers NFS4ERR_RESOURCE, which NFSv4.1 does not have, beyond 16 of either.",
  async run(bench) {
    const client = bench.client();
    await countConnections(bench, client, await countSessions(bench, client));
  },
};
