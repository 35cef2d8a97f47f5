import { NFS4_OK } from "../../nfs4/constants.ts";
import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { createDirectory, putFh, remove } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { PROBE_FORE } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import { witness } from "../witness.ts";

const SLOTS_WANTED = 32;
const CONNECTIONS = 4;

/** Numbers from 0 on, in random order. */
function shuffled(bench: Bench, count: number): number[] {
  const random = bench.settings.random(4 * count).slice();
  const keys = new Uint32Array(random.buffer, 0, count);
  return Array.from({ length: count }, (_, index) => index).sort((left, right) => keys[left]! - keys[right]!);
}

/** The request succeeded, and its reply is its own. */
function isAnsweredFor(exchange: Exchange, session: ProbeSession, slot: number, seq: number): boolean {
  const { status, sequence } = exchange;
  if (status !== NFS4_OK || sequence === null) return false;
  const { sr_sessionid, sr_slotid, sr_sequenceid } = sequence;
  return sessionIdText(sr_sessionid) === sessionIdText(session.id) && sr_slotid === slot && sr_sequenceid === seq;
}

export const concurrency: Probe = {
  id: "concurrency",
  title: "All slots at once, over several connections",
  requires: "Every request is executed once, and answered under its own session, slot and sequence id.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.3.1",
  writes: true,
  async run(bench) {
    const client = bench.client();
    const session = await bench.session({ fore: { ...PROBE_FORE, maxRequests: SLOTS_WANTED } }, client);
    const looker = await witness(bench);
    const connections = [session.connection];
    while (connections.length < CONNECTIONS) connections.push(await client.connect());
    for (const connection of connections.slice(1)) bench.need(await session.bind(connection), allOk, "a connection");
    const slots = session.granted.maxRequests;
    for (const [round, change] of [createDirectory, remove].entries()) {
      const seq = round + 1;
      const answers = shuffled(bench, slots).map(async (slot, index) => {
        const options = { highest: slots - 1, connection: connections[index % connections.length]! };
        const operations = [putFh(looker.directory), change(`slot-${slot}`)];
        const exchange = await session.sequence(seq, slot, options, ...operations);
        return isAnsweredFor(exchange, session, slot, seq) ? [] : [`slot ${slot} seq ${seq}: ${exchange.text}`];
      });
      const wrong = (await Promise.all(answers)).flat();
      bench.check(wrong.length === 0, `${slots} slots, each answered for itself`, wrong[0] ?? "so");
    }
    await looker.expectNames("what each slot made, it has removed");
  },
};
