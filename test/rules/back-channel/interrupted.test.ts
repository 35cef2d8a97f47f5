import { only } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const DELAY = 10008;
const BACK = { flags: 2, back: { maxRequests: 4 } };

/** A client whose connection ends under a callback comes back on another one. */
function cutOff(wire: Scenario) {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()], { cachethis: true });
  const lost = session.callback(0, 1);
  session.connection.close();
  const on = wire.connect();
  on.bind(session.id).ok();
  return { session, lost, on };
}

/** The recalled delegation is given back, and the session used for minutes. */
function workOn({ session, on }: ReturnType<typeof cutOff>): void {
  session.slot(0).exchange(2, 2, [op.putfh(), op.delegreturn()], { on, cachethis: true });
  for (let seq = 3; seq < 12; seq++) {
    session.connection.scenario.wait(10);
    session.slot(0).exchange(seq, seq, undefined, { on });
  }
}

only([], "a callback is cut off and retried on the next connection", (wire) => {
  const story = cutOff(wire);
  const { session, lost, on } = story;
  session.callback(0, 1, undefined, { on, xid: lost.xid }).ok();
  session.callback(0, 2, [op.recallAny()], { on }).ok();
  workOn(story);
});

only(["backchannel-retry-new-seq"], "a callback is cut off and sent anew on another slot", (wire) => {
  const story = cutOff(wire);
  const { session, on } = story;
  session.callback(1, 1, undefined, { on }).ok();
  workOn(story);
});

only([], "some callbacks come over a connection that is not in the capture", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2, 5, 6, 9, 12, 13, 20]) {
    wire.wait(20);
    session.callback(0, seq, [op.recallAny()]).ok();
  }
});

only([], "the client asks for patience, before and behind CB_SEQUENCE", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(1);
  session.callback(0, 1).ok([0, DELAY]);
  wire.wait(1);
  session.callback(0, 2).ok();
});
