import {
  NFS4ERR_BADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_EXPIRED,
  NFS4ERR_STALE_CLIENTID,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const LEASE_SECONDS = 20;
const EXPIRED_ALL = 0x8;

/** A client with a file open, and another one, whose traffic goes on. */
function opened(wire: Scenario) {
  const session = wire.session();
  const slot = session.slot(0);
  slot.exchange(1, 1, [op.reclaimComplete()]);
  slot.exchange(2, 2, [op.putrootfh(), op.leaseTime(LEASE_SECONDS)]);
  slot.exchange(3, 3, [op.putrootfh(), op.open()], { cachethis: true });
  return { session, slot, other: wire.connect("10.0.0.9:700") };
}

/** Time goes by, and the capture goes on. */
function pass(wire: Scenario, other: ReturnType<typeof opened>["other"], seconds: number): void {
  for (let left = seconds; left > 0; left -= 5) {
    wire.wait(Math.min(left, 5));
    other.call([op.putrootfh()]).fail(10071);
  }
}

bad("lease-expired-use", "the server has dropped the session", (wire) => {
  const { slot, other } = opened(wire);
  pass(wire, other, LEASE_SECONDS + 5);
  const call = slot.send(4);
  const frames = [call.frame, call.fail(NFS4ERR_BADSESSION)];
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: 0, seq: 4 };
});

bad("lease-expired-use", "the server says by a flag that all state is gone", (wire) => {
  const { slot } = opened(wire);
  wire.wait(LEASE_SECONDS + 5);
  const call = slot.send(4);
  return { severity: "warning", confidence: "certain", frames: [call.frame, call.ok([], { flags: EXPIRED_ALL })] };
});

bad("lease-expired-use", "a courteous server has kept everything", (wire) => {
  const { slot, other } = opened(wire);
  pass(wire, other, LEASE_SECONDS + 5);
  const call = slot.send(4);
  return { severity: "warning", confidence: "likely", frames: [call.frame, call.ok()] };
});

bad("lease-expired-use", "the lease is not known", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.reclaimComplete()]);
  slot.exchange(2, 2, [op.putrootfh(), op.open()], { cachethis: true });
  wire.wait(120);
  const call = slot.send(3);
  return { severity: "warning", confidence: "likely", frames: [call.frame, call.fail(NFS4ERR_BADSESSION)] };
});

bad("lease-expired-use", "the lease is not known, and may be a long one: only noted", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.reclaimComplete()]);
  slot.exchange(2, 2, [op.putrootfh(), op.open()], { cachethis: true });
  const other = wire.connect("10.0.0.9:700");
  pass(wire, other, 120);
  const call = slot.send(3);
  return { severity: "note", confidence: "likely", frames: [call.frame, call.ok()] };
});

good("lease-expired-use", "the client had closed its file", (wire) => {
  const { slot, other } = opened(wire);
  slot.exchange(4, 4, [op.putfh(), op.close()], { cachethis: true });
  pass(wire, other, LEASE_SECONDS + 5);
  slot.send(5).fail(NFS4ERR_BADSESSION);
});

good("lease-expired-use", "another session of the client ID renewed the lease", (wire) => {
  const { session, slot, other } = opened(wire);
  const second = session.connection.createSession(1n, { sequence: 2 });
  pass(wire, other, LEASE_SECONDS - 5);
  second.slot(0).exchange(1, 1, []);
  pass(wire, other, 10);
  slot.exchange(4);
});

good("lease-expired-use", "the server was busy with a request of the client", (wire) => {
  const { session, slot, other } = opened(wire);
  const running = session.slot(1).send(1);
  pass(wire, other, LEASE_SECONDS + 5);
  slot.exchange(4);
  running.ok();
});

good("lease-expired-use", "nothing at all was captured meanwhile, and the server knows of nothing", (wire) => {
  const { slot } = opened(wire);
  wire.wait(LEASE_SECONDS + 5);
  slot.exchange(4);
});

bad("lease-unrenewed-idle", "the client is not seen again", (wire) => {
  const { slot, other } = opened(wire);
  const call = slot.send(4);
  const frames = [call.frame, call.ok()];
  pass(wire, other, LEASE_SECONDS + 5);
  return { severity: "note", confidence: "certain", fault: "client", frames, slot: null };
});

good("lease-unrenewed-idle", "it unmounted in good order", (wire) => {
  const { session, other } = opened(wire);
  session.connection.destroySession(session.id).ok();
  pass(wire, other, LEASE_SECONDS + 5);
});

good("lease-unrenewed-idle", "it renews its lease", (wire) => {
  const { slot, other } = opened(wire);
  pass(wire, other, LEASE_SECONDS - 5);
  slot.exchange(4, 4, []);
  pass(wire, other, LEASE_SECONDS - 5);
});

good("lease-unrenewed-idle", "it waits for an answer", (wire) => {
  const { slot, other } = opened(wire);
  slot.send(4);
  pass(wire, other, LEASE_SECONDS + 5);
});

good("lease-unrenewed-idle", "after a restart of the server the client goes on with a new client ID", (wire) => {
  const first = wire.session();
  first.slot(0).exchange(1);
  wire.wait(10);
  first.connection.close("rst");
  const next = wire.session();
  for (let seq = 1; seq <= 5; seq++) {
    wire.wait(30);
    next.slot(0).exchange(seq, seq, []);
  }
});

bad("expired-status-on-sequence", "NFS4ERR_EXPIRED", (wire) => {
  const call = wire.session().slot(0).send(1);
  const frames = [call.frame, call.fail(NFS4ERR_EXPIRED)];
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

only(["expired-status-on-sequence"], "NFS4ERR_STALE_CLIENTID, told once", (wire) => {
  wire.session().slot(0).send(1).fail(NFS4ERR_STALE_CLIENTID);
});

good("expired-status-on-sequence", "NFS4ERR_BADSESSION, NFS4ERR_DELAY", (wire) => {
  const { slot } = opened(wire);
  slot.send(4).fail(NFS4ERR_DELAY);
  slot.send(4).fail(NFS4ERR_BADSESSION);
});

good("expired-status-on-sequence", "NFS4ERR_EXPIRED of an operation with a stateid", (wire) => {
  const { slot } = opened(wire);
  slot.send(4, [op.putfh(), op.read()]).ok([0, 0, NFS4ERR_EXPIRED]);
});
