import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

const CONN_BACK_CHAN = 2;

bad("conn-reset-with-outstanding", "one of two requests comes again", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  const second = session.slot(1).send(1);
  const reset = session.connection.close("rst");
  const on = wire.connect();
  session.slot(1).exchange(1, 1, undefined, { on });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "network",
    frames: [first.frame, second.frame, reset],
    slot: null,
    seq: null,
    occurrences: 1,
  };
});

bad("conn-reset-with-outstanding", "the server closes with a FIN", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  return { frames: [call.frame, session.connection.close("fin")] };
});

bad("conn-reset-with-outstanding", "a callback waited for its answer", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  const call = session.connection.callback([session.callbackSequence(0, 1), op.recall()]);
  return { severity: "warning", fault: "network", frames: [call.frame, session.connection.close("rst")] };
});

good("conn-reset-with-outstanding", "everything was answered", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  session.connection.close("rst");
});

good("conn-reset-with-outstanding", "the slot went on long before the connection ended", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  session.slot(0).exchange(2, 4);
  session.connection.close("rst");
});

good("conn-reset-with-outstanding", "the reply came on another connection", (wire) => {
  const session = wire.session();
  const on = wire.connect();
  session.slot(1).exchange(1, 1, undefined, { on });
  session.slot(0).send(1).ok([], { on });
  wire.wait(3);
  session.slot(1).exchange(2, 2, undefined, { on });
  session.connection.close("rst");
});

good("conn-reset-with-outstanding", "the capture ends first", (wire) => {
  wire.session().slot(0).send(1);
});

good("conn-reset-with-outstanding", "the capture lost something of that connection", (wire) => {
  const session = wire.session();
  session.slot(0).send(1).ok([], { lost: true });
  session.slot(1).exchange(1);
  session.connection.close("rst");
});

/** Connections that carry `calls` requests and are reset, one after the other. */
function reconnects(wire: Scenario, session: Session, count: number, { calls = 2, pause = 1 } = {}): number[] {
  const frames: number[] = [];
  let seq = 1;
  for (let i = 0; i < count; i++) {
    const on = wire.connect();
    const opened = wire.wire.frames - 2;
    session.slot(0).exchange(seq, seq + calls - 1, undefined, { on });
    seq += calls;
    if (i === 0) frames.push(opened);
    frames.push(on.close("rst"));
    wire.wait(pause);
  }
  return frames;
}

bad("reconnect-storm", "six connections within seconds", (wire) => {
  const session = wire.session();
  const frames = reconnects(wire, session, 6);
  return { severity: "warning", confidence: "certain", fault: "network", frames, slot: null, occurrences: 1 };
});

good("reconnect-storm", "five connections", (wire) => {
  reconnects(wire, wire.session(), 5);
});

good("reconnect-storm", "each of them does some work", (wire) => {
  reconnects(wire, wire.session(), 8, { calls: 10 });
});

good("reconnect-storm", "one in a quarter of a minute", (wire) => {
  reconnects(wire, wire.session(), 12, { pause: 15 });
});

good("reconnect-storm", "connections side by side that end together", (wire) => {
  const session = wire.session();
  const all = Array.from({ length: 8 }, () => wire.connect());
  for (const [index, on] of all.entries()) session.slot(0).exchange(index + 1, index + 1, undefined, { on });
  for (const on of all) on.close("fin");
});

/** A session with that many connections. */
function spread(wire: Scenario, count: number): { session: Session; last: number } {
  const session = wire.session();
  let last = 0;
  for (let seq = 1; seq < count; seq++) last = session.slot(0).send(seq, undefined, { on: wire.connect() }).ok();
  return { session, last };
}

bad("conn-per-session-many", "17 connections at once", (wire) => {
  const { last } = spread(wire, 17);
  return { severity: "note", fault: "client", frames: [last - 1], slot: null, occurrences: 1 };
});

good("conn-per-session-many", "nconnect=16", (wire) => {
  spread(wire, 16);
});

good("conn-per-session-many", "20 connections one after the other", (wire) => {
  const session = wire.session();
  for (let seq = 1; seq <= 20; seq++) {
    const on = wire.connect();
    session.slot(0).exchange(seq, seq, undefined, { on });
    on.close();
  }
});
