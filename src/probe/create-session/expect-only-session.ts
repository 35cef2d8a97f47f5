import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";

/** Requires a session, fresh still, to be the only one of its client: without it the client ID is idle. RFC 8881 §18.50.3 */
export async function expectOnlySession(bench: Bench, client: ProbeClient, session: ProbeSession): Promise<void> {
  await bench.expectNext(session, 0, 1);
  bench.expect(await session.destroy(), allOk);
  const idle = { text: "OK: no other session is left", fits: allOk.fits };
  bench.expect(await client.destroyClientId(await client.connect()), idle);
}
