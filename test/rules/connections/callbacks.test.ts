import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

const CONN_BACK_CHAN = 2;
const [BACK, BOTH] = [2, 3];
const STATEID = { seqid: 1, other: new Uint8Array(12).fill(3) };

bad("backchan-on-unbound-conn", "on a connection that only SEQUENCE has bound", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  const on = wire.connect();
  session.slot(0).exchange(1, 3, undefined, { on });
  const call = on.callback([session.callbackSequence(0, 1), op.recall()]);
  call.ok();
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame],
    slot: 0,
    seq: 1,
    occurrences: 1,
  };
});

good("backchan-on-unbound-conn", "CREATE_SESSION offered it", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  session.connection.callback([session.callbackSequence(0, 1), op.recall()]).ok();
});

good("backchan-on-unbound-conn", "the reply to BIND_CONN_TO_SESSION comes behind the callback", (wire) => {
  const session = wire.session();
  const on = wire.connect();
  const bind = on.bind(session.id, BACK, BACK);
  const call = on.callback([session.callbackSequence(0, 1), op.recall()]);
  bind.ok();
  call.ok();
});

good("backchan-on-unbound-conn", "CREATE_SESSION was sent again on a new connection", (wire) => {
  const on = wire.connect();
  const { clientId } = on.exchangeId();
  const options = { flags: CONN_BACK_CHAN, sessionId: "ab".repeat(16) };
  const session = on.createSession(clientId, options);
  on.close("rst");
  const next = wire.connect();
  next.createSession(clientId, options);
  session.callback(0, 1, undefined, { on: next }).ok();
});

bad("backchan-on-unbound-conn", "the connection is bound only after the callback", (wire) => {
  const session = wire.session();
  const on = wire.connect();
  session.slot(0).exchange(1, 1, undefined, { on });
  const call = on.callback([session.callbackSequence(0, 1), op.recall()]);
  const frames = [call.frame];
  on.bind(session.id, BOTH).ok();
  return { frames };
});

good("backchan-on-unbound-conn", "the connection is older than the capture", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(4, 6);
  session.connection.callback([session.callbackSequence(0, 9), op.recall()]).ok();
});

/** OPEN with a read delegation. */
function delegated() {
  const open = op.open();
  const permissions = { type: 0, flag: 0, access_mask: 1, who: new Uint8Array(0) };
  const delegation = { delegation_type: 1, read: { stateid: STATEID, recall: false, permissions } };
  return { ...open, ok: { resok4: { ...(open.ok.resok4 as object), delegation } } };
}

function twoSessions(wire: Scenario): [Session, Session] {
  const on = wire.connect();
  const { clientId } = on.exchangeId();
  const first = on.createSession(clientId, { flags: CONN_BACK_CHAN });
  return [first, on.createSession(clientId, { flags: CONN_BACK_CHAN, sequence: 2 })];
}

bad("cb-other-session", "a delegation is recalled over the client's other session", (wire) => {
  const [first, second] = twoSessions(wire);
  const granted = first.slot(0).send(1, [op.putrootfh(), delegated()]).ok();
  const call = second.connection.callback([second.callbackSequence(0, 1), op.recall(undefined, STATEID)]);
  call.ok();
  return { severity: "note", confidence: "certain", fault: "none", frames: [granted, call.frame], slot: 0, seq: 1 };
});

good("cb-other-session", "a delegation is recalled over its own session", (wire) => {
  const [first] = twoSessions(wire);
  first.slot(0).exchange(1, 1, [op.putrootfh(), delegated()]);
  first.connection.callback([first.callbackSequence(0, 1), op.recall(undefined, STATEID)]).ok();
});

good("cb-other-session", "the session that it came from has ended", (wire) => {
  const [first, second] = twoSessions(wire);
  first.slot(0).exchange(1, 1, [op.putrootfh(), delegated()]);
  first.connection.destroySession(first.id).ok();
  second.connection.callback([second.callbackSequence(0, 1), op.recall(undefined, STATEID)]).ok();
});
