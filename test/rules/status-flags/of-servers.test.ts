import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type SessionOptions } from "../../support/scenario.ts";
import { CONN_BACK_CHAN, FLAG, steps, Talk } from "./flag-stories.ts";

const talk = (wire: Scenario, options: SessionOptions = { flags: CONN_BACK_CHAN }): Talk => {
  const talking = new Talk(wire.session(options));
  talking.once(0);
  return talking;
};

bad("status-flag-stuck", "still no callback path after one was bound", (wire) => {
  const talking = talk(wire);
  const first = talking.once(FLAG.pathDown);
  const { session } = talking;
  const bind = session.connection.bind(session.id);
  const bound = bind.ok();
  talking.callback(1).ok();
  const frames = talking.during(10, FLAG.pathDown, { pause: 1 });
  const told = [first, bind.frame, bound, frames[5]!];
  return { severity: "warning", fault: "server", confidence: "certain", frames: told, slot: null };
});
bad("status-flag-stuck", "no callback was tried", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.pathDownSession);
  const { session } = talking;
  session.connection.bind(session.id).ok();
  talking.during(10, FLAG.pathDownSession, { pause: 1 });
  return { severity: "warning", fault: "server", confidence: "possible" };
});
bad("status-flag-stuck", "reclaims are over, the flag stays", (wire) => {
  const talking = talk(wire);
  const first = talking.once(FLAG.reclaimNeeded);
  const done = talking.once(FLAG.reclaimNeeded, [op.reclaimComplete()]);
  const frames = talking.during(10, FLAG.reclaimNeeded, { pause: 1 });
  return { severity: "warning", fault: "server", confidence: "certain", frames: [first, done - 1, done, frames[5]!] };
});
good("status-flag-stuck", "the flag goes within five seconds", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id).ok();
  talking.during(4, FLAG.pathDown, { pause: 0.5 });
  talking.during(10, 0);
});
good("status-flag-stuck", "nothing shows that the connection lived on", (wire) => {
  const talking = talk(wire);
  const other = wire.connect();
  talking.once(FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id).ok();
  for (let passed = 0; passed < 20; passed++) {
    wire.wait(1);
    talking.once(FLAG.pathDown, undefined, { on: other });
  }
});
good("status-flag-stuck", "only the fore channel was bound", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id, 3, 1).ok();
  talking.during(10, FLAG.pathDown, { pause: 1 });
});
good("status-flag-stuck", "callbacks are not answered", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id).ok();
  talking.callback(1);
  talking.during(10, FLAG.pathDown, { pause: 1 });
});
good("status-flag-stuck", "RECLAIM_COMPLETE of one file system ends nothing", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.reclaimNeeded);
  talking.once(FLAG.reclaimNeeded, [op.putfh(), steps.reclaimOneFs]);
  talking.during(10, FLAG.reclaimNeeded, { pause: 1 });
});

bad("status-flag-flapping", "revoked, not revoked, revoked", (wire) => {
  const talking = talk(wire);
  const frames = [talking.once(FLAG.adminRevoked), talking.once(0), talking.once(FLAG.adminRevoked)];
  return { severity: "warning", fault: "server", confidence: "certain", frames, slot: null };
});
bad("status-flag-flapping", "a callback path that comes and goes", (wire) => {
  const talking = talk(wire);
  const frames = [talking.once(FLAG.pathDown), talking.once(0), talking.once(FLAG.pathDown)];
  return { severity: "warning", fault: "server", confidence: "certain", frames };
});
bad("status-flag-flapping", "told on two connections at nearly the same time", (wire) => {
  const talking = talk(wire);
  const other = wire.connect();
  talking.session.slot(1).send(1, undefined, { on: other }).ok();
  talking.once(FLAG.adminRevoked);
  talking.once(0);
  talking.session.slot(1).send(2, undefined, { on: other }).ok([], { flags: FLAG.adminRevoked });
  return { severity: "warning", fault: "server", confidence: "likely" };
});
good("status-flag-flapping", "bytes are missing in which the client may have acknowledged the loss", (wire) => {
  const talking = new Talk(wire.session({ flags: CONN_BACK_CHAN }));
  talking.during(30, FLAG.recallableRevoked);
  talking.once(0, [steps.testStateid], { lost: true });
  talking.during(30, 0);
  talking.during(30, FLAG.recallableRevoked);
});
good("status-flag-flapping", "each loss is acknowledged", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.adminRevoked);
  talking.once(FLAG.adminRevoked, [steps.testStateid]);
  talking.once(0);
  talking.once(FLAG.adminRevoked);
});
good("status-flag-flapping", "a revoked lock was given back", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.adminRevoked);
  talking.once(FLAG.adminRevoked, [op.putfh(), op.close()]);
  talking.once(0);
  talking.once(FLAG.adminRevoked);
});
good("status-flag-flapping", "each time a connection had ended", (wire) => {
  const talking = talk(wire);
  const { session } = talking;
  talking.once(FLAG.pathDown);
  session.connection.bind(session.id).ok();
  talking.once(0);
  talking.once(FLAG.pathDown);
});
good("status-flag-flapping", "a callback is not answered", (wire) => {
  const talking = talk(wire);
  talking.once(FLAG.pathDown);
  talking.once(0);
  talking.callback(1);
  talking.once(FLAG.pathDown);
});
good("status-flag-flapping", "nothing shows that the back channel's connection lives", (wire) => {
  const talking = talk(wire);
  const other = wire.connect();
  talking.session.slot(1).send(1, undefined, { on: other }).ok();
  for (const flags of [FLAG.pathDown, 0, FLAG.pathDown]) talking.once(flags, undefined, { on: other });
});
good("status-flag-flapping", "an overtaken reply", (wire) => {
  const talking = talk(wire);
  const { session } = talking;
  talking.once(FLAG.adminRevoked);
  const slow = session.slot(1).send(1);
  talking.once(0);
  slow.ok([], { flags: FLAG.adminRevoked });
});
good("status-flag-flapping", "a reply to a retry repeats old flags", (wire) => {
  const talking = talk(wire);
  const { session } = talking;
  session.slot(1).send(1, undefined, { cachethis: true }).ok([], { flags: FLAG.adminRevoked });
  talking.once(FLAG.adminRevoked);
  talking.once(0);
  session.connection.close();
  const other = wire.connect();
  session.slot(1).send(1, undefined, { cachethis: true, on: other }).ok([], { flags: FLAG.adminRevoked });
});

bad("status-flag-undefined", "a bit above DEVID_DELETED", (wire) => {
  const talking = talk(wire);
  const frames = [talking.once(0x2000)];
  talking.during(30, 0x2000);
  return { severity: "warning", fault: "server", confidence: "certain", frames, occurrences: 1 };
});
bad("status-flag-undefined", "the highest bit", (wire) => {
  return { frames: [talk(wire).once(0x8000_0000)] };
});
good("status-flag-undefined", "all that are defined", (wire) => void talk(wire).once(0x1fff));

/** A callback whose connection, the only one of the back channel, ends before the reply; the client goes on on another. */
function lostCallback(wire: Scenario, flags: number) {
  const { session } = talk(wire);
  const callback = session.connection.callback([session.callbackSequence(0, 1)]);
  const closed = session.connection.close("rst");
  const on = wire.connect();
  const frames: number[] = [];
  for (let seq = 2; seq < 16; seq++) {
    frames.push(session.slot(0).send(seq, undefined, { on }).ok([], { flags }));
    wire.wait(1);
  }
  return { session, callback, closed, frames };
}

bad("status-flag-missing", "the recall was lost with its connection", (wire) => {
  const { callback, closed, frames } = lostCallback(wire, 0);
  const told = [callback.frame, closed, frames[10]!];
  return { severity: "warning", fault: "server", confidence: "likely", frames: told, slot: null };
});
good("status-flag-missing", "bytes are missing in which the client may have bound a connection", (wire) => {
  const talking = new Talk(wire.session({ flags: CONN_BACK_CHAN }));
  talking.once(0);
  const { session } = talking;
  talking.callback(1);
  session.connection.close();
  const next = wire.connect();
  next.bind(session.id, 3, 3, { lost: true }).ok([0], { lost: true });
  const again = new Talk(session, 2);
  for (let passed = 0; passed < 50; passed += 5) {
    again.once(0, undefined, { on: next });
    wire.wait(5);
  }
});
good("status-flag-missing", "the flag says so", (wire) => void lostCallback(wire, FLAG.pathDownSession));
good("status-flag-missing", "another connection is bound to the back channel", (wire) => {
  const { session } = talk(wire);
  const on = wire.connect();
  on.bind(session.id).ok();
  session.connection.callback([session.callbackSequence(0, 1)]);
  session.connection.close();
  const later = new Talk(session, 2);
  for (let passed = 0; passed < 20; passed++) {
    later.once(0, undefined, { on });
    wire.wait(1);
  }
});
good("status-flag-missing", "no callback was under way", (wire) => {
  const { session } = talk(wire);
  session.connection.close();
  const on = wire.connect();
  const later = new Talk(session, 2);
  for (let passed = 0; passed < 20; passed++) {
    later.once(0, undefined, { on });
    wire.wait(1);
  }
});

/** Two sessions of one client; the second, which asked for no back channel, gets flags. */
function twoSessions(wire: Scenario, options: SessionOptions, flags: number, isFirstAlive = true): number[] {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const first = new Talk(connection.createSession(clientId, options));
  const second = new Talk(wire.connect().createSession(clientId, { sequence: 2 }));
  const frame = second.once(flags);
  if (isFirstAlive) first.once(0);
  return [frame, ...second.during(20, flags, { pause: 1 })];
}

bad("status-flag-scope", "CB_PATH_DOWN on the session without back channel", (wire) => {
  const frames = twoSessions(wire, { flags: CONN_BACK_CHAN }, FLAG.pathDown);
  return { severity: "note", fault: "server", confidence: "certain", frames: [frames[0]!, frames[6]!], occurrences: 1 };
});
good("status-flag-scope", "CB_PATH_DOWN_SESSION there", (wire) => {
  twoSessions(wire, { flags: CONN_BACK_CHAN }, FLAG.pathDownSession);
});
good("status-flag-scope", "no session has a back channel", (wire) => void twoSessions(wire, {}, FLAG.pathDown));
good("status-flag-scope", "nothing shows that the other session's connection lives", (wire) => {
  twoSessions(wire, { flags: CONN_BACK_CHAN }, FLAG.pathDown, false);
});

bad("lease-renewed-despite-expired", "OPEN succeeds time and again", (wire) => {
  const talking = talk(wire);
  const frames = talking.during(30, FLAG.allRevoked);
  const opened = talking.once(FLAG.allRevoked, [op.putrootfh(), op.open()]);
  talking.once(FLAG.allRevoked, [op.putrootfh(), op.open()]);
  const told = [frames[0]!, opened - 1, opened];
  return { severity: "note", fault: "server", confidence: "certain", frames: told, occurrences: 1 };
});
good("lease-renewed-despite-expired", "OPEN is refused", (wire) => {
  const talking = talk(wire);
  talking.during(30, FLAG.allRevoked);
  talking.session.slot(1).send(1, [op.putrootfh(), op.open()]).ok([0, 0, 10011], { flags: FLAG.allRevoked });
});
good("lease-renewed-despite-expired", "only some state is gone", (wire) => {
  const talking = talk(wire);
  talking.during(30, FLAG.someRevoked);
  talking.once(FLAG.someRevoked, [op.putrootfh(), op.open()]);
});
