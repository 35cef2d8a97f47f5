import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const OTHER_SESSION = "ab".repeat(16);

bad("reply-session-mismatch", "the reply names another session", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { session: OTHER_SESSION })],
    slot: 0,
    seq: 2,
  };
});

good("reply-session-mismatch", "another slot and sequence id, the same session", (wire) => {
  wire.session().slot(0).send(1).ok([], { slot: 1, seq: 2 });
});

bad("reply-seqid-mismatch", "the reply names an older sequence id", (wire) => {
  const session = wire.session();
  session.slot(1).exchange(1);
  const call = session.slot(1).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { seq: 1 })],
    slot: 1,
    seq: 2,
  };
});

good("reply-seqid-mismatch", "the sequence id wraps through 0", (wire) => {
  wire.adopted().slot(0).exchange(0xffff_fffe, 0xffff_ffff);
  wire.adopted().slot(0).exchange(0, 2);
});

bad("reply-slot-mismatch", "the reply names another slot", (wire) => {
  const session = wire.session();
  const call = session.slot(2).send(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { slot: 0 })],
    slot: 2,
    seq: 1,
  };
});

good("reply-slot-mismatch", "replies come in another order than calls", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  const second = session.slot(1).send(1);
  second.ok();
  first.ok();
});

bad("reply-wrong-connection", "the reply takes the other connection of the session", (wire) => {
  const session = wire.session();
  const second = wire.connect();
  session.slot(1).exchange(1, 1, undefined, { on: second });
  const request = session.slot(0).send(1);
  const reply = request.ok([], { on: second });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [request.frame, reply],
    slot: 0,
    seq: 1,
  };
});

good("reply-wrong-connection", "each reply takes the connection of its call", (wire) => {
  const session = wire.session();
  const second = wire.connect();
  const first = session.slot(0).send(1);
  const other = session.slot(1).send(1, undefined, { on: second });
  other.ok();
  first.ok();
});

bad("reply-after-reconnect-unsolicited", "the reply waits for the next connection", (wire) => {
  const session = wire.session({ on: wire.connect("10.0.0.2:800") });
  session.slot(0).exchange(1);
  const request = session.slot(0).send(2);
  session.connection.close("rst");
  const opened = wire.wire.frames + 1;
  const second = wire.connect("10.0.0.2:800");
  session.slot(1).exchange(1, 1, undefined, { on: second });
  const reply = request.ok([], { on: second });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [request.frame, opened, reply],
    slot: 0,
    seq: 2,
  };
});

good("reply-after-reconnect-unsolicited", "the client has sent the request again", (wire) => {
  const session = wire.session({ on: wire.connect("10.0.0.2:800") });
  const request = session.slot(0).send(1);
  session.connection.close("rst");
  const second = wire.connect("10.0.0.2:800");
  session.slot(0).send(1, undefined, { on: second, xid: request.xid }).ok();
});

bad("reply-without-call", "a reply out of nothing on a connection seen from its beginning", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(2);
  const frame = call.ok([], { xid: 0xdead });
  call.ok();
  return { severity: "note", confidence: "certain", fault: "server", frames: [frame], slot: null };
});

bad("reply-without-call", "long after the capture joined the connection", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(5);
  wire.wait(5);
  const frame = session.slot(0).send(6).ok([], { xid: 0xdead });
  return { severity: "note", fault: "capture", frames: [frame] };
});

good("reply-without-call", "the call was sent just before the capture began", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(5);
  session.slot(1).send(9).ok([], { xid: 0xdead });
});

good("reply-without-call", "the call is missing from the capture", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2, undefined, { lost: true }).ok();
});

bad("duplicate-reply", "one call, two replies", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  const first = call.ok();
  const second = call.ok();
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, first, second],
    slot: 0,
    seq: 1,
  };
});

good("duplicate-reply", "a call from before the capture was delayed, and is sent again with its xid", (wire) => {
  const session = wire.adopted();
  session.slot(1).exchange(4);
  const unseen = session.slot(0).send(7, undefined, { xid: 77, lost: true });
  unseen.fail(10008);
  session.slot(1).exchange(5);
  wire.wait(0.1);
  session.slot(0).send(7, undefined, { xid: 77 }).ok();
});

good("duplicate-reply", "the call was sent twice", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  const again = session.slot(0).send(1, undefined, { xid: call.xid });
  call.ok();
  again.ok();
});

bad("xid-reuse-outstanding", "another call with the xid of one that waits", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  const second = session.slot(1).send(1, [op.putrootfh()], { xid: first.xid });
  second.ok();
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, second.frame],
  };
});

good("xid-reuse-outstanding", "the same call again", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  session.slot(0).send(1, undefined, { xid: first.xid }).ok();
});

good("xid-reuse-outstanding", "the first one was answered before", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  first.ok();
  session.slot(1).send(1, [op.putrootfh()], { xid: first.xid }).ok();
});

bad("retry-new-xid", "a retry after a lost connection with another xid", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const request = session.slot(0).send(2);
  session.connection.close("rst");
  const retry = session.slot(0).send(2, undefined, { on: wire.connect() });
  retry.ok();
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [request.frame, retry.frame],
    slot: 0,
    seq: 2,
  };
});

good("retry-new-xid", "a retry with the same xid", (wire) => {
  const session = wire.session();
  const request = session.slot(0).send(1);
  session.connection.close("rst");
  session.slot(0).send(1, undefined, { on: wire.connect(), xid: request.xid }).ok();
});

good("retry-new-xid", "a fresh attempt after NFS4ERR_DELAY on SEQUENCE", (wire) => {
  const session = wire.session();
  session.slot(0).send(1).fail(10008);
  session.slot(0).exchange(1);
});

bad("silent-drop", "no answer while others get theirs for more than a minute", (wire) => {
  const session = wire.session();
  const dropped = session.slot(1).send(1);
  for (let seq = 1; seq <= 4; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [dropped.frame],
    slot: 1,
    seq: 1,
  };
});

good(
  "silent-drop",
  "the answers that come belong to older requests: this one's may wait in TCP's queue behind them",
  (wire) => {
    const session = wire.session();
    const older = session.slot(0).send(1);
    wire.wait(1);
    session.slot(1).send(1);
    wire.wait(70);
    older.ok();
  },
);

good("silent-drop", "the answer takes long, and comes", (wire) => {
  const session = wire.session();
  const slow = session.slot(1).send(1);
  wire.wait(70);
  session.slot(0).exchange(1);
  slow.ok();
});

good("silent-drop", "the connection is lost", (wire) => {
  const session = wire.session();
  session.slot(1).send(1);
  session.connection.close("rst");
  const second = wire.connect();
  wire.wait(70);
  session.slot(0).exchange(1, 3, undefined, { on: second });
});

good("silent-drop", "the answer may be what the capture lost", (wire) => {
  const session = wire.session();
  session.slot(1).send(1).ok([], { lost: true });
  wire.wait(70);
  session.slot(0).exchange(1, 3);
});
