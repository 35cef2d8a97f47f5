import { NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION } from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import type { Scenario, Session } from "../../support/scenario.ts";

const PERSIST = 1;

bad("session-shared", "two client IDs, both served under one id", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const other = wire.connect("10.0.0.3:900");
  const { clientId } = other.exchangeId({ owner: "another" });
  const { creation } = other.createSession(clientId, { sessionId: session.id });
  const call = session.slot(0).send(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [session.creation.reply, creation.call, creation.reply, call.frame, call.ok()],
  };
});

good("session-shared", "the first owner was gone with the server's last life", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.close("rst");
  const other = wire.connect("10.0.0.3:900");
  const { clientId } = other.exchangeId({ owner: "another" });
  other.createSession(clientId, { sessionId: session.id }).slot(0).exchange(1);
});

good("session-shared", "each its own", (wire) => {
  const session = wire.session();
  const other = wire.connect("10.0.0.3:900");
  other.createSession(other.exchangeId({ owner: "another" }).clientId);
  session.slot(0).exchange(1, 2);
});

bad("deadsession-nonpersistent", "the session was created without PERSIST", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [session.creation.reply, call.frame, call.fail(NFS4ERR_DEADSESSION)],
    slot: 0,
    seq: 2,
  };
});

good("deadsession-nonpersistent", "a persistent one", (wire) => {
  const session = wire.session({ flags: PERSIST });
  session.slot(0).exchange(1);
  session.slot(0).send(2).fail(NFS4ERR_DEADSESSION);
});

good("deadsession-nonpersistent", "what was granted is not known", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(1);
  session.slot(0).send(2).fail(NFS4ERR_DEADSESSION);
});

/** The server stops and comes back without the session. */
function restart(wire: Scenario, session: Session): void {
  session.slot(0).exchange(1);
  session.connection.close("rst");
  wire.wait(2);
  session.slot(0).send(2, undefined, { on: wire.connect() }).fail(NFS4ERR_BADSESSION);
}

bad("persist-lied", "a persistent session is gone for the second time", (wire) => {
  restart(wire, wire.session({ flags: PERSIST }));
  restart(wire, wire.session({ flags: PERSIST }));
  return { severity: "warning", confidence: "certain", fault: "server", slot: 0, seq: 2 };
});

good("persist-lied", "once may be a catastrophe", (wire) => {
  restart(wire, wire.session({ flags: PERSIST }));
});

good("persist-lied", "two sessions that were lost together", (wire) => {
  const one = wire.session({ flags: PERSIST });
  const other = wire.session({ flags: PERSIST });
  other.slot(0).exchange(1);
  restart(wire, one);
  other.connection.close("rst");
  other.slot(0).send(2, undefined, { on: wire.connect() }).fail(NFS4ERR_BADSESSION);
});

good("persist-lied", "nobody promised anything", (wire) => {
  restart(wire, wire.session());
  restart(wire, wire.session());
});
