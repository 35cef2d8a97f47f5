import { WISHED_CHANNELS } from "../../session/connection.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { placeOf } from "./callback-watch.ts";
import { onRecallStage } from "./recall-stage.ts";

export const cbRetry: Probe = {
  id: "cb-retry",
  title: "A callback that a lost connection cut off is sent again",
  requires: "The same callback in the same session, with the same slot and sequence id, once a connection is bound.",
  rfc: "RFC 8881 §2.10.13.2.4, §2.10.6.2",
  knownDeviations: "DittoFS uses a new sequence id.",
  writes: true,
  run: (bench) =>
    onRecallStage(bench, {}, async (stage) => {
      const { client, session, watch } = stage;
      const file = await stage.takeDelegation("wanted");
      const second = await client.connect();
      watch.answerNext("ignore");
      stage.provoke(file);
      const first = await stage.recall();
      first.connection.reset();
      bench.need(await session.bind(second, WISHED_CHANNELS.backOrBoth), allOk, "another back channel");
      const again = await stage.recall("the callback was not sent again");
      const wanted = placeOf(first.sequence);
      bench.check(placeOf(again.sequence) === wanted, `the callback again as ${wanted}`, placeOf(again.sequence));
    }),
};
