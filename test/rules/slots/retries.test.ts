import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const MISORDERED = 10063;

bad("retry-before-reply", "sent again on the connection that owes the reply", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const first = session.slot(0).send(2);
  wire.wait(5);
  const again = session.slot(0).send(2);
  const reply = again.fail(DELAY);
  first.ok();
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, again.frame, reply],
    slot: 0,
    seq: 2,
  };
});

bad("retry-before-reply", "with the xid of the first, in new bytes of the stream", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2, undefined, { xid: 77 });
  wire.wait(5);
  const again = slot.send(2, undefined, { xid: 77 });
  return { frames: [first.frame, again.frame, again.ok()] };
});

good("retry-before-reply", "the server said NFS4ERR_DELAY at SEQUENCE: it has to be sent again", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(DELAY);
  wire.wait(1);
  slot.exchange(2);
});

good("retry-before-reply", "the RPC layer refused it", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).refuse();
  slot.exchange(2);
});

good("retry-before-reply", "the connection was lost", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  session.connection.close("rst");
  session.slot(0).send(1, undefined, { on: wire.connect() }).ok();
});

good("retry-before-reply", "the capture may have missed the reply", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2).ok([], { lost: true });
  session.slot(1).exchange(1);
  session.slot(0).exchange(2);
});

bad("retry-without-disconnect", "the reply was on its way when the retry was sent", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  const reply = first.ok();
  wire.pace(10e-6);
  const again = slot.send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame, again.ok()],
    slot: 0,
    seq: 2,
  };
});

good("retry-without-disconnect", "the connection was lost, the reply perhaps with it", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.pace(10e-6);
  session.connection.close("rst");
  session.slot(0).send(1, undefined, { on: wire.connect() }).ok();
});

bad("retry-after-reply", "sent again on the same connection", (wire) => {
  const slot = wire.session().slot(3);
  slot.exchange(1);
  const first = slot.send(2);
  const reply = first.ok();
  wire.wait(1);
  const again = slot.send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame, again.ok()],
    slot: 3,
    seq: 2,
  };
});

bad("retry-after-reply", "sent again on another connection, while the first lives", (wire) => {
  const session = wire.session();
  const slot = session.slot(0);
  const other = wire.connect();
  const first = slot.send(1);
  const reply = first.ok();
  wire.wait(1);
  const again = slot.send(1, undefined, { on: other });
  const frames = [first.frame, reply, again.frame, again.ok()];
  session.slot(1).exchange(1);
  return { confidence: "certain", frames };
});

good("retry-after-reply", "the first connection gave no sign of life any more", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  wire.wait(1);
  slot.send(1, undefined, { on: wire.connect() }).ok();
});

good("retry-after-reply", "the connection ended after the reply: it may not have arrived", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.close("fin");
  session.slot(0).send(1, undefined, { on: wire.connect() }).ok();
});

good("retry-after-reply", "the reply was an error of SEQUENCE", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(10070);
  wire.wait(1);
  slot.exchange(2);
});

good("retry-after-reply", "the reply had no results", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).results(DELAY, []);
  wire.wait(1);
  slot.exchange(2);
});

bad("retry-after-disconnect", "as it should be", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const lost = session.slot(0).send(2);
  const ended = session.connection.close("rst");
  const again = session.slot(0).send(2, undefined, { on: wire.connect() });
  return {
    severity: "note",
    confidence: "certain",
    fault: "none",
    frames: [lost.frame, ended, again.frame, again.ok()],
    slot: 0,
    seq: 2,
  };
});

bad("retry-after-disconnect", "lost a second time", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("rst");
  const second = wire.connect();
  session.slot(0).send(2, undefined, { on: second });
  second.close("rst");
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
  return { occurrences: 2 };
});

good("retry-after-disconnect", "something else is sent on the new connection", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.close("rst");
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
});

good("retry-after-disconnect", "the first was refused at SEQUENCE: a fresh attempt, no retry", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2).fail(DELAY);
  session.connection.close("rst");
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
});

bad("duplicate-on-two-connections", "sent on a second one while the first serves others", (wire) => {
  const session = wire.session();
  const other = wire.connect();
  session.slot(0).exchange(1);
  const first = session.slot(0).send(2);
  session.slot(1).exchange(1);
  wire.wait(1);
  const again = session.slot(0).send(2, undefined, { on: other });
  const reply = again.fail(MISORDERED);
  first.ok();
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, again.frame, reply],
    slot: 0,
    seq: 2,
  };
});

good("duplicate-on-two-connections", "the client had said goodbye to the first", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.slot(1).exchange(1);
  session.connection.close("half");
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
});

good("duplicate-on-two-connections", "the first connection ended", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  session.slot(1).exchange(1);
  session.connection.close("rst");
  session.slot(0).send(1, undefined, { on: wire.connect() }).ok();
});

good("duplicate-on-two-connections", "the second took the first's ports over", (wire) => {
  const session = wire.session({ on: wire.connect("10.0.0.2:801") });
  session.slot(0).send(1);
  session.slot(1).exchange(1);
  wire.wait(1);
  session
    .slot(0)
    .send(1, undefined, { on: wire.connect("10.0.0.2:801") })
    .ok();
});

good("duplicate-on-two-connections", "nothing came on the first since: it may have been cut off", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  wire.wait(30);
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
});

good(
  "duplicate-on-two-connections",
  "nor did anything after the retry, though the first had lived a while longer",
  (wire) => {
    const session = wire.session();
    session.slot(0).send(1);
    session.slot(1).exchange(1);
    wire.wait(30);
    session.slot(0).send(1, undefined, { on: wire.connect() }).ok();
  },
);

good("duplicate-on-two-connections", "two slots on two connections", (wire) => {
  const session = wire.session();
  const other = wire.connect();
  const first = session.slot(0).send(1, [op.putfh(), op.access()]);
  const second = session.slot(1).send(1, [op.putfh(), op.access()], { on: other });
  second.ok();
  first.ok();
});
