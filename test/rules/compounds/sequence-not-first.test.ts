import { NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_SEQUENCE_POS } from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

bad("sequence-not-first", "SEQUENCE twice", (wire) => {
  const session = wire.session();
  const call = session.slot(1).send(1, [session.sequence(2, 1)]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, NFS4ERR_SEQUENCE_POS])],
    slot: 1,
    seq: 1,
  };
});

bad("sequence-not-first", "an operation before SEQUENCE", (wire) => {
  const session = wire.session();
  const call = session.connection.call([op.putrootfh(), session.sequence(0, 1)]);
  call.fail(NFS4ERR_OP_NOT_IN_SESSION);
  return { severity: "error", fault: "client", frames: [call.frame], slot: null };
});

good("sequence-not-first", "one SEQUENCE at the head", (wire) => {
  wire.session().slot(0).exchange(1, 3);
});
