import {
  NFS4ERR_NOENT,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_TOO_MANY_OPS,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const FOUR = [op.putrootfh(), op.getfh(), op.access()];
const FIVE = [...FOUR, op.getattr()];

/** READ that gets as many bytes as it asks for. */
const read = (bytes: number) => op.read(bytes, new Uint8Array(bytes));

bad("max-ops-exceeded", "one more than granted", (wire) => {
  const call = wire
    .session({ fore: { maxOperations: 16 }, foreGranted: { maxOperations: 4 } })
    .slot(0)
    .send(1, FIVE);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, 0, 0, 0, NFS4ERR_TOO_MANY_OPS])],
    slot: 0,
    seq: 1,
  };
});

only(["max-ops-exceeded"], "the server may refuse before it runs anything", (wire) => {
  const session = wire.session({ fore: { maxOperations: 4 } });
  session.slot(0).send(1, FIVE).fail(NFS4ERR_TOO_MANY_OPS);
  session.slot(0).send(1, FIVE).results(NFS4ERR_TOO_MANY_OPS, []);
});

good("max-ops-exceeded", "as many as granted", (wire) => {
  wire
    .session({ fore: { maxOperations: 4 } })
    .slot(0)
    .exchange(1, 3, FOUR);
});

good("max-ops-exceeded", "the server may have raised the limit", (wire) => {
  wire
    .session({ fore: { maxOperations: 4 }, foreGranted: { maxOperations: 5 } })
    .slot(0)
    .exchange(1, 1, FIVE);
});

good("max-ops-exceeded", "what was granted is not known", (wire) => {
  wire
    .adopted({ fore: { maxOperations: 4 } })
    .slot(0)
    .exchange(1, 3, FIVE);
});

bad("server-accepted-too-many-ops", "all are run", (wire) => {
  const call = wire
    .session({ fore: { maxOperations: 4 } })
    .slot(0)
    .send(1, FIVE);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok()],
    slot: 0,
    seq: 1,
  };
});

bad("server-accepted-too-many-ops", "another error beyond the limit", (wire) => {
  const call = wire
    .session({ fore: { maxOperations: 4 } })
    .slot(0)
    .send(1, [...FOUR, op.lookup()]);
  return { severity: "error", fault: "server", frames: [call.frame, call.ok([0, 0, 0, 0, NFS4ERR_NOENT])] };
});

good("server-accepted-too-many-ops", "another error within the limit", (wire) => {
  const session = wire.session({ fore: { maxOperations: 4 } });
  session
    .slot(0)
    .send(1, [op.putrootfh(), op.lookup(), ...FOUR])
    .ok([0, 0, NFS4ERR_NOENT]);
});

bad("request-too-big", "a WRITE as long as the whole request may be", (wire) => {
  const session = wire.session({ fore: { maxRequestSize: 4096 } });
  const call = session.slot(0).send(1, [op.putfh(), op.write(new Uint8Array(4096))]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, 0, NFS4ERR_REQ_TOO_BIG])],
    slot: 0,
    seq: 1,
  };
});

good("request-too-big", "with its header it fits", (wire) => {
  const session = wire.session({ fore: { maxRequestSize: 4096 } });
  session.slot(0).exchange(1, 3, [op.putfh(), op.write(new Uint8Array(3800))]);
});

bad("rep-too-big", "the reply is longer than the client takes", (wire) => {
  const call = wire
    .session({ fore: { maxResponseSize: 4096 } })
    .slot(0)
    .send(1, [op.putfh(), read(8192)]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok()],
    slot: 0,
    seq: 1,
  };
});

bad("rep-too-big", "by the length of the header", (wire) => {
  const call = wire
    .session({ fore: { maxResponseSize: 4096 } })
    .slot(0)
    .send(1, [op.putfh(), read(4096)]);
  return { severity: "note", fault: "server", frames: [call.frame, call.ok()] };
});

good("rep-too-big", "the server says that it is too long", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 4096 } });
  session
    .slot(0)
    .send(1, [op.putfh(), read(8192)])
    .ok([0, 0, NFS4ERR_REP_TOO_BIG]);
});

bad("rep-too-big-to-cache", "a long reply that was to be cached", (wire) => {
  const session = wire.session({ fore: { maxResponseSizeCached: 1024 } });
  const call = session.slot(0).send(1, [op.putfh(), op.remove(), read(2048)], { cachethis: true });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok()],
    slot: 0,
    seq: 1,
  };
});

bad("rep-too-big-to-cache", "by the length of the header", (wire) => {
  const session = wire.session({ fore: { maxResponseSizeCached: 1024 } });
  const call = session.slot(0).send(1, [op.putfh(), op.remove(), read(1024)], { cachethis: true });
  return { severity: "note", fault: "server", frames: [call.frame, call.ok()] };
});

good("rep-too-big-to-cache", "a long reply that was not", (wire) => {
  const session = wire.session({ fore: { maxResponseSizeCached: 1024 } });
  session.slot(0).exchange(1, 2, [op.putfh(), read(2048)]);
});

only(["rep-too-big"], "beyond both limits it is told once", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 4096, maxResponseSizeCached: 1024 } });
  session.slot(0).exchange(1, 1, [op.putfh(), op.remove(), read(8192)], { cachethis: true });
});

bad("read-exceeds-channel", "a READ of as much as a whole reply", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 4096 } });
  const call = session.slot(0).send(1, [op.putfh(), op.read(4096)]);
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, 0, NFS4ERR_REP_TOO_BIG])],
  };
});

bad("read-exceeds-channel", "on every slot: one finding for the session", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 4096 } });
  for (const slot of [0, 1, 2]) session.slot(slot).exchange(1, 2, [op.putfh(), op.read(4096)]);
  return { severity: "note", occurrences: 6, slot: null };
});

bad("read-exceeds-channel", "results without a count do not fit", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 400 } });
  const call = session.slot(0).send(1, [op.putrootfh(), op.getattr(), op.getattr()]);
  return { severity: "note", fault: "client", frames: [call.frame, call.ok([0, 0, 0, NFS4ERR_REP_TOO_BIG])] };
});

good("read-exceeds-channel", "the header was taken off", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 4096 } });
  session.slot(0).exchange(1, 2, [op.putfh(), op.read(3900)]);
});

good("read-exceeds-channel", "the limit of the cache does not count for what is not cached", (wire) => {
  const session = wire.session({ fore: { maxResponseSizeCached: 1024 } });
  session.slot(0).exchange(1, 2, [op.putfh(), op.read(4096)]);
});

bad("req-too-big-wrong", "a short request is too long", (wire) => {
  const call = wire.session().slot(0).send(1);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.fail(NFS4ERR_REQ_TOO_BIG)],
    slot: 0,
    seq: 1,
  };
});

bad("req-too-big-wrong", "fewer operations than granted are too many", (wire) => {
  const call = wire
    .session({ fore: { maxOperations: 5 } })
    .slot(0)
    .send(1, FIVE);
  return { severity: "warning", fault: "server", frames: [call.frame, call.ok([0, 0, 0, NFS4ERR_TOO_MANY_OPS])] };
});

bad("req-too-big-wrong", "a READ that fits whatever comes", (wire) => {
  const call = wire
    .session()
    .slot(0)
    .send(1, [op.putfh(), op.read(4096), op.getattr()]);
  return { severity: "warning", fault: "server", frames: [call.frame, call.ok([0, 0, NFS4ERR_REP_TOO_BIG])] };
});

bad("req-too-big-wrong", "too long for a cache that was not asked for", (wire) => {
  const call = wire
    .session({ fore: { maxResponseSizeCached: 64 } })
    .slot(0)
    .send(1);
  return { severity: "warning", fault: "server", frames: [call.frame, call.ok([0, NFS4ERR_REP_TOO_BIG_TO_CACHE])] };
});

good("req-too-big-wrong", "an ACL may be of any length", (wire) => {
  const session = wire.session({ fore: { maxResponseSize: 8192 } });
  const acl = op.step("GETATTR", { attr_request: [1 << 12] });
  session.slot(0).send(1, [op.putfh(), acl]).ok([0, 0, NFS4ERR_REP_TOO_BIG]);
});

good("req-too-big-wrong", "what was granted is not known", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(1, 4);
  slot.send(5).fail(NFS4ERR_REQ_TOO_BIG);
});

good("req-too-big-wrong", "the cached answer to a retry that no longer asks for caching", (wire) => {
  const session = wire.session({ fore: { maxResponseSizeCached: 64 } });
  session.slot(0).send(1, undefined, { cachethis: true }).ok([0, NFS4ERR_REP_TOO_BIG_TO_CACHE]);
  session.slot(0).send(1).ok([0, NFS4ERR_REP_TOO_BIG_TO_CACHE]);
});
