import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { askFor, badSession, isKnown } from "./unknown-session.ts";

const HIGHEST_BIT = 0x80;

export const badsessionFlip: Probe = {
  id: "badsession-flip",
  title: "Session ids that differ in one bit",
  requires: "BADSESSION, whichever byte the bit is in.",
  rfc: "RFC 8881 §2.10.4, §15.1.11.1, §18.46.3",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const known: Uint8Array[] = [];
    for (let at = 0; at < session.id.length; at++) {
      const flipped = session.id.slice();
      flipped[at] = flipped[at]! ^ HIGHEST_BIT;
      const exchange = await askFor(session, flipped);
      if (isKnown(exchange)) known.push(flipped);
      else bench.expect(exchange, badSession);
    }
    await bench.expectNext(session, 0, 1);
    if (known.length === 0) return;
    // Somebody else's, or ours, taken for the same: without ours it shows.
    await client.createSession(session.connection);
    bench.need(await session.destroy(), allOk, "the end of the session");
    for (const flipped of known) {
      const exchange = await askFor(session, flipped);
      if (isKnown(exchange)) bench.judge("inconclusive", "no such session", `a session has that id: ${exchange.text}`);
      else bench.judge("deviates", "BADSESSION", "the id was taken for another: it is gone since that session is");
    }
  },
};
