import {
  NFS4ERR_DELAY,
  NFS4ERR_EXPIRED,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_RESOURCE,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_TOO_MANY_OPS,
  NFS4ERR_WRONG_TYPE,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";
import { resultOf } from "../../support/scenario-operations.ts";

const RESULTS_GIVEN = { foreOnly: "it gives the results of operations of the fore channel" };

bad(
  "reply-op-mismatch",
  "the results of another request",
  (wire) => {
    const session = wire.session();
    const call = session.slot(0).send(1, [op.putrootfh(), op.getattr()]);
    const foreign = [session.sequence(0, 1), op.putrootfh(), op.getfh()].map((step) => resultOf(step));
    return {
      severity: "error",
      confidence: "certain",
      fault: "server",
      frames: [call.frame, call.results(0, foreign)],
      slot: 0,
      seq: 1,
    };
  },
  RESULTS_GIVEN,
);

good("reply-op-mismatch", "the results end at an error", (wire) => {
  wire.session().slot(0).send(1, [op.putrootfh(), op.lookup(), op.getfh()]).ok([0, 0, NFS4ERR_NOENT]);
});

good("reply-op-mismatch", "a false retry may get the original's reply", (wire) => {
  const session = wire.session();
  const steps = [op.putrootfh(), op.getattr()];
  session.slot(0).send(1, steps, { cachethis: true }).ok();
  const retry = session.slot(0).send(1, [op.putrootfh(), op.getfh()], { cachethis: true });
  retry.results(
    0,
    [session.sequence(0, 1), ...steps].map((step) => resultOf(step)),
  );
});

bad("compound-status-mismatch", "NFS4ERR_DELAY behind a successful last result", (wire) => {
  const call = wire.session().slot(0).send(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { status: NFS4ERR_DELAY })],
    slot: 0,
    seq: 1,
  };
});

good("compound-status-mismatch", "the status of the last result", (wire) => {
  wire.session().slot(0).send(1, [op.putrootfh(), op.lookup()]).ok([0, 0, NFS4ERR_NOENT]);
});

bad("zero-results-wrong-status", "an operation's error without the operation", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.results(NFS4ERR_NOT_ONLY_OP, [])],
    slot: 0,
    seq: 1,
  };
});

bad(
  "zero-results-wrong-status",
  "without SEQUENCE it is only worth a note",
  (wire) => {
    const call = wire.connect().call([op.putrootfh()]);
    return { severity: "note", frames: [call.frame, call.results(NFS4ERR_OP_NOT_IN_SESSION, [])], slot: null };
  },
  { foreOnly: "it has no slot to tell of" },
);

good("zero-results-wrong-status", "an error of the whole compound", (wire) => {
  wire.session().slot(0).send(1).results(NFS4ERR_TOO_MANY_OPS, []);
});

good("zero-results-wrong-status", "the contrived reply to sequence id 0 on a fresh slot", (wire) => {
  wire.session().slot(0).send(0).results(NFS4ERR_SEQ_MISORDERED, []);
});

bad("tag-changed", "the reply has its own tag", (wire) => {
  const call = wire.session().slot(0).send(1, undefined, { tag: "mount" });
  return {
    severity: "note",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { tag: "reply" })],
    slot: 0,
    seq: 1,
  };
});

good("tag-changed", "a replay comes with the tag of the first transmission", (wire) => {
  const session = wire.session();
  session.slot(0).send(1, undefined, { tag: "first", cachethis: true }).ok();
  session.slot(0).send(1, undefined, { tag: "again", cachethis: true }).ok([], { tag: "first" });
});

bad("status-not-listed", "NFS4ERR_RESOURCE, which minor version 1 does not have: a warning", (wire) => {
  const call = wire.session().slot(0).send(1, [op.putrootfh(), op.getattr()]);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([0, 0, NFS4ERR_RESOURCE])],
    slot: 0,
    seq: 1,
  };
});

bad("status-not-listed", "on SEQUENCE it is an error", (wire) => {
  const call = wire.session().slot(0).send(1);
  return { severity: "error", fault: "server", frames: [call.frame, call.fail(NFS4ERR_NOENT)] };
});

good(
  "status-not-listed",
  "listed ones, and NFS4ERR_DELAY anywhere",
  (wire) => {
    const session = wire.session();
    session.slot(0).send(1, [op.putrootfh(), op.lookup()]).ok([0, 0, NFS4ERR_NOENT]);
    session.slot(0).send(2, [op.putrootfh(), op.getfh()]).ok([0, 0, NFS4ERR_DELAY]);
    session.slot(0).send(3, [op.putfh(), op.read()]).ok([0, 0, NFS4ERR_WRONG_TYPE]);
  },
  { foreOnly: "callbacks have other lists" },
);

good(
  "status-not-listed",
  "a lease that ran out has a rule of its own",
  (wire) => {
    wire.session().slot(0).send(1).fail(NFS4ERR_EXPIRED);
  },
  { foreOnly: "a server has no lease with its client" },
);
