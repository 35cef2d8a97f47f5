import { SEQ4_STATUS_CB_PATH_DOWN, SEQ4_STATUS_CB_PATH_DOWN_SESSION } from "../../nfs4/constants.ts";
import { WISHED_CHANNELS } from "../../session/connection.ts";
import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { FlagReader, statusFlagsText } from "../status-flags.ts";

const DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;
const isDown = (flags: number) => (flags & DOWN) !== 0;
const isUp = (flags: number) => !isDown(flags);

/** Nothing says MUST of a client that never had a back channel. */
async function withoutBackChannel(bench: Bench): Promise<void> {
  const flags = await new FlagReader(bench, await bench.session({ flags: 0 }), 0).settled(isDown);
  const verdict = isDown(flags) ? "pass" : "pass-alternative";
  bench.judge(verdict, "CB_PATH_DOWN while no session has a back channel", statusFlagsText(flags));
}

export const cbPathFlags: Probe = {
  id: "cb-path-flags",
  title: "Status flags tell whether callbacks get through",
  requires:
    "CB_PATH_DOWN or CB_PATH_DOWN_SESSION after the last connection of a back channel is lost, and neither while one works.",
  permits: "No flag for a client that never had a back channel, and a few replies until the server knows.",
  rfc: "RFC 8881 §2.10.13.2.4, §18.46.3",
  knownDeviations: "DittoFS shows CB_PATH_DOWN until BIND_CONN_TO_SESSION is used; nfs4j and buildbarn show no flags.",
  async run(bench) {
    await withoutBackChannel(bench);
    const { client, session } = await bench.clientWithSession();
    if (session.session.model.back === null) bench.skip("the server grants no back channel");
    const reader = new FlagReader(bench, session, 0);
    const before = await reader.settled(isUp);
    bench.check(isUp(before), "neither CB_PATH_DOWN nor CB_PATH_DOWN_SESSION", statusFlagsText(before));
    const connection = await client.connect();
    session.connection.reset();
    const after = await reader.settled(isDown, { connection });
    bench.check(isDown(after), "CB_PATH_DOWN or CB_PATH_DOWN_SESSION on every reply", statusFlagsText(after));
    // A fresh one: what is bound to the fore channel already need not be given another.
    const fresh = await client.connect();
    bench.need(await session.bind(fresh, WISHED_CHANNELS.backOrBoth), allOk, "another back channel");
    const mended = await reader.settled(isUp, { connection });
    bench.check(isUp(mended), "no such flag once a connection is bound", statusFlagsText(mended));
  },
};
