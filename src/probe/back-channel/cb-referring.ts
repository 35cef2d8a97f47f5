import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import type { ReceivedRecall } from "./callback-watch.ts";
import { hasDelegation, onRecallStage } from "./recall-stage.ts";

/** Until then the server has executed the OPEN whose reply nobody reads. */
const OPEN_MILLIS = 500;
const SLOT = 1;

function referringCalls({ sequence }: ReceivedRecall): string[] {
  return sequence.csa_referring_call_lists.flatMap(({ rcl_sessionid, rcl_referring_calls }) =>
    rcl_referring_calls.map((call) => tripleText(rcl_sessionid, call.rc_slotid, call.rc_sequenceid)),
  );
}

function tripleText(sessionId: Uint8Array, slot: number, seq: number): string {
  return `session ${sessionIdText(sessionId)} slot ${slot} seq ${seq}`;
}

export const cbReferring: Probe = {
  id: "cb-referring",
  title: "A recall that overtakes the OPEN's reply names that OPEN",
  requires: "csa_referring_call_lists has the session, slot and sequence id of the OPEN that gave the delegation.",
  rfc: "RFC 8881 §2.10.6.3, §20.9.3",
  knownDeviations:
    "DittoFS, chimera, nfs4j and knfsd before 2025 name no requests; nfs-ganesha copies only part of the session id.",
  writes: true,
  run: (bench) =>
    onRecallStage(bench, {}, async (stage) => {
      const { client, session } = stage;
      // What was given once and came back without a recall will be given again.
      const file = await stage.takeDelegation("raced");
      await stage.giveBack(file);
      const connection = await client.connect();
      bench.need(await session.sequence(1, SLOT, { connection }), allOk, "a connection that carries no callbacks");
      connection.pauseReading();
      const opening = session.sequence(2, SLOT, { connection }, ...stage.opening("raced"));
      await bench.pause(OPEN_MILLIS);
      stage.provoke(file);
      const recall = await stage.nextRecall();
      connection.resumeReading();
      const opened = await opening;
      if (recall === null) {
        return bench.inconclusive(hasDelegation(opened) ? "no recall came" : `no delegation this time: ${opened.text}`);
      }
      const wanted = tripleText(session.id, SLOT, 2);
      const named = referringCalls(recall);
      bench.check(named.includes(wanted), `a referring call ${wanted}`, named.join(", ") || "no referring call");
    }),
};
