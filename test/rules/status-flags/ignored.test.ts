import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type SessionOptions } from "../../support/scenario.ts";
import { CONN_BACK_CHAN, FLAG, steps, Talk } from "./flag-stories.ts";

/** A client that talked a while without flags, its back channel bound. */
const talk = (wire: Scenario, options: SessionOptions = { flags: CONN_BACK_CHAN }): Talk => {
  const talking = new Talk(wire.session(options));
  talking.once(0);
  return talking;
};

bad("status-flag-cb-path-down-ignored", "CB_PATH_DOWN for a minute", (wire) => {
  const frames = talk(wire).during(60, FLAG.pathDown);
  // 45 s, half of the lease that is assumed, is what a client gets: told on the reply after 50 s.
  const told = [frames[0]!, frames[5]!];
  return { severity: "warning", fault: "client", confidence: "certain", frames: told, slot: null, occurrences: 1 };
});
bad("status-flag-cb-path-down-ignored", "a callback was cut off and cannot be repeated", (wire) => {
  const talking = talk(wire);
  const { session } = talking;
  talking.callback(1);
  session.connection.close();
  const next = wire.connect();
  const again = new Talk(session, 2);
  const reply = again.once(FLAG.pathDownSession, undefined, { on: next });
  let last = 0;
  for (let passed = 0; passed < 90; passed += 10) {
    wire.wait(10);
    last = again.once(FLAG.pathDownSession, undefined, { on: next });
  }
  return { severity: "error", fault: "client", frames: [reply, last] };
});
bad("status-flag-cb-path-down-ignored", "the client never asked for callbacks", (wire) => {
  const frames = talk(wire, {}).during(60, FLAG.pathDown);
  return { severity: "note", fault: "client", frames: [frames[0]!, frames[5]!] };
});
bad("status-flag-cb-path-down-ignored", "a BIND_CONN_TO_SESSION of the fore channel is no answer", (wire) => {
  const talking = talk(wire);
  const first = talking.once(FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id, 1).ok();
  const frames = talking.during(60, FLAG.pathDown);
  return { severity: "warning", frames: [first, frames[5]!] };
});
bad("status-flag-cb-path-down-ignored", "the client asked for callbacks on its other session only", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId, { sequence: 1, flags: CONN_BACK_CHAN });
  const other = new Talk(wire.connect().createSession(clientId, { sequence: 2 }));
  other.once(0);
  other.during(60, FLAG.pathDownSession);
  return { severity: "note" };
});
good("status-flag-cb-path-down-ignored", "the client binds a connection", (wire) => {
  const talking = talk(wire);
  talking.during(30, FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id).ok();
  talking.during(60, 0);
});
good("status-flag-cb-path-down-ignored", "the client tries to, in vain", (wire) => {
  const talking = talk(wire);
  talking.during(30, FLAG.pathDown);
  const { session } = talking;
  session.connection.bind(session.id).ok([10018]);
  talking.during(100, FLAG.pathDown);
});
good("status-flag-cb-path-down-ignored", "it binds while the first flag is on its way", (wire) => {
  const talking = talk(wire);
  const { session } = talking;
  const asked = session.slot(1).send(1);
  wire.connect().bind(session.id).ok();
  asked.ok([], { flags: FLAG.pathDown });
  talking.during(100, FLAG.pathDown);
});
good("status-flag-cb-path-down-ignored", "the flag is gone after twenty seconds", (wire) => {
  const talking = talk(wire);
  talking.during(20, FLAG.pathDown, { pause: 2 });
  talking.during(60, 0);
});
good("status-flag-cb-path-down-ignored", "the client was cut off for most of the time", (wire) => {
  const talking = talk(wire);
  talking.during(1, FLAG.pathDown, { pause: 0.1 });
  wire.wait(60);
  talking.during(1, FLAG.pathDown, { pause: 0.1 });
});
good("status-flag-cb-path-down-ignored", "nothing was captured for two minutes", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.pathDown);
  wire.wait(120);
  talking.during(40, FLAG.pathDown);
});
good("status-flag-cb-path-down-ignored", "the server never used the back channel that it granted", (wire) => {
  new Talk(wire.session({ flags: CONN_BACK_CHAN })).during(100, FLAG.pathDown);
});

bad("status-flag-gss-ignored", "expired for longer than a lease", (wire) => {
  const frames = talk(wire).during(100, FLAG.gssExpired);
  return { severity: "warning", fault: "client", confidence: "certain", frames: [frames[0]!, frames[9]!] };
});
bad("status-flag-gss-ignored", "about to expire", (wire) => {
  const frames = talk(wire).during(60, FLAG.gssExpiring);
  return { severity: "note", fault: "client", frames: [frames[0]!, frames[5]!] };
});
good("status-flag-gss-ignored", "the client gives new handles", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.gssExpiring);
  talking.once(FLAG.gssExpiring, [steps.backchannelCtl]);
  talking.during(60, 0);
});

for (const flag of [FLAG.allRevoked, FLAG.someRevoked, FLAG.adminRevoked, FLAG.recallableRevoked]) {
  bad("status-flag-state-revoked-ignored", `flag 0x${flag.toString(16)} for longer than a lease`, (wire) => {
    const frames = talk(wire).during(100, flag);
    return { severity: "warning", fault: "client", confidence: "certain", frames: [frames[0]!, frames[9]!] };
  });
}
bad("status-flag-state-revoked-ignored", "a shorter lease", (wire) => {
  const talking = talk(wire);
  talking.once(0, [op.putrootfh(), op.leaseTime(15)]);
  const frames = talking.during(20, FLAG.adminRevoked, { pause: 4 });
  return { frames: [frames[0]!, frames[4]!] };
});
good("status-flag-state-revoked-ignored", "bytes are missing in which the client may have asked", (wire) => {
  const talking = talk(wire);
  talking.during(30, FLAG.recallableRevoked);
  talking.once(FLAG.recallableRevoked, [steps.testStateid], { lost: true });
  talking.during(100, FLAG.recallableRevoked);
});
bad("status-flag-state-revoked-ignored", "what the client did before the capture is not known", (wire) => {
  new Talk(wire.adopted(), 7).during(120, FLAG.recallableRevoked);
  return { severity: "warning", confidence: "likely" };
});
good("status-flag-state-revoked-ignored", "the client tests its stateids", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.adminRevoked);
  talking.once(FLAG.adminRevoked, [steps.testStateid]);
  talking.during(100, FLAG.adminRevoked);
});
good("status-flag-state-revoked-ignored", "the client starts anew", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.allRevoked);
  talking.session.connection.exchangeId({ verifier: "0x0202020202020202" });
  talking.during(100, FLAG.allRevoked);
});
good("status-flag-state-revoked-ignored", "another loss starts the time anew", (wire) => {
  const talking = talk(wire);
  talking.during(80, FLAG.adminRevoked);
  talking.during(80, FLAG.adminRevoked | FLAG.recallableRevoked);
});

bad("status-flag-lease-moved-ignored", "nobody asks where to", (wire) => {
  const frames = talk(wire).during(100, FLAG.leaseMoved);
  return { severity: "warning", fault: "client", confidence: "certain", frames: [frames[0]!, frames[9]!] };
});
good("status-flag-lease-moved-ignored", "fs_locations are fetched", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.leaseMoved);
  talking.once(FLAG.leaseMoved, [op.putfh(), steps.locations]);
  talking.during(100, FLAG.leaseMoved);
});

bad("status-flag-reclaim-needed-ignored", "no reclaim for half a lease", (wire) => {
  const frames = talk(wire).during(60, FLAG.reclaimNeeded);
  return { severity: "warning", fault: "client", confidence: "certain", frames: [frames[0]!, frames[5]!] };
});
good("status-flag-reclaim-needed-ignored", "there was nothing to reclaim", (wire) => {
  const talking = talk(wire);
  talking.during(20, FLAG.reclaimNeeded);
  talking.once(FLAG.reclaimNeeded, [op.reclaimComplete()]);
  talking.during(100, 0);
});
good("status-flag-reclaim-needed-ignored", "the client reclaims for a long time", (wire) => {
  const talking = talk(wire);
  talking.during(100, FLAG.reclaimNeeded, { steps: [op.putrootfh(), op.open()] });
});

bad("status-flag-backchannel-fault-ignored", "business as usual", (wire) => {
  const frames = talk(wire).during(40, FLAG.backchannelFault, { pause: 5 });
  const told = [frames[0]!, frames[6]!];
  return { severity: "error", fault: "client", confidence: "certain", frames: told };
});
good("status-flag-backchannel-fault-ignored", "the session is destroyed", (wire) => {
  const talking = talk(wire);
  talking.during(20, FLAG.backchannelFault, { pause: 5 });
  talking.session.connection.destroySession(talking.session.id).ok();
});
good("status-flag-backchannel-fault-ignored", "the client only keeps its lease while it drains", (wire) => {
  talk(wire).during(100, FLAG.backchannelFault, { steps: [] });
});

bad("status-flag-devid-ignored", "the client does not care", (wire) => {
  const frames = talk(wire).during(100, FLAG.devidChanged);
  return { severity: "note", fault: "client", frames: [frames[0]!, frames[9]!] };
});
good("status-flag-devid-ignored", "the mapping is fetched", (wire) => {
  const talking = talk(wire);
  talking.during(40, FLAG.devidDeleted);
  talking.once(FLAG.devidDeleted, [steps.deviceInfo]);
  talking.during(100, FLAG.devidDeleted);
});
