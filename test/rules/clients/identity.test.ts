import { NFS4ERR_WRONG_CRED, OP_CREATE_SESSION, OP_DESTROY_SESSION } from "../../../src/nfs4/constants.ts";
import { RPC_GSS_SVC_INTEGRITY } from "../../../src/rpc/gss.ts";
import { GssPeer } from "../../support/gss.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";
import { bytesFrom } from "../../support/scenario-operations.ts";

const ELSEWHERE = { server: "10.0.0.9:2049" };

bad("trunk-identity-mismatch", "the second address is another server", (wire) => {
  const connection = wire.connect();
  const here = connection.exchangeId({ major: "one" });
  const session = connection.createSession(here.clientId);
  session.slot(0).exchange(1);
  const other = wire.connect(undefined, ELSEWHERE);
  const there = other.exchangeId({ major: "two" });
  wire.wait(0.01);
  const call = session.slot(0).send(2, undefined, { on: other });
  const frames = [here.replyFrame, there.replyFrame, call.frame, call.ok()];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: 0, seq: 2 };
});

bad("trunk-identity-mismatch", "another so_minor_id: client IDs may be shared, sessions not", (wire) => {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId();
  const session = connection.createSession(clientId);
  const other = wire.connect(undefined, ELSEWHERE);
  const there = other.exchangeId({ clientId, minorId: 2n });
  wire.wait(0.01);
  const call = session.slot(0).send(1, undefined, { on: other });
  return { frames: [replyFrame, there.replyFrame, call.frame, call.ok()] };
});

good("trunk-identity-mismatch", "two addresses of one server", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  const other = wire.connect(undefined, ELSEWHERE);
  other.exchangeId({ clientId, eirFlags: 0x8001_0000 });
  wire.wait(0.01);
  session.slot(0).exchange(1, 1, undefined, { on: other });
});

good("trunk-identity-mismatch", "the other server knows nothing of it", (wire) => {
  const session = wire.session();
  const other = wire.connect(undefined, ELSEWHERE);
  other.exchangeId({ major: "two" });
  wire.wait(0.01);
  session.slot(0).send(1, undefined, { on: other }).fail(10052);
});

good("trunk-identity-mismatch", "two servers that gave out the same session id", (wire) => {
  const sessionId = "ab".repeat(16);
  const session = wire.session({ sessionId });
  session.slot(0).exchange(1, 9);
  const other = wire.connect(undefined, ELSEWHERE);
  other.exchangeId({ major: "two" });
  wire.wait(0.01);
  session.slot(0).exchange(70, 71, undefined, { on: other });
});

good(
  "trunk-identity-mismatch",
  "EXCHANGE_ID at the second address replaced the client ID before it was confirmed",
  (wire) => {
    const here = wire.connect();
    here.exchangeId({ clientId: 5n });
    const there = wire.connect(undefined, { server: "10.0.0.9:2049" });
    there.exchangeId({ clientId: 6n });
    const slot = here.createSession(6n).slot(0);
    slot.exchange(1, 2);
    slot.exchange(3, 4, undefined, { on: there });
  },
);

good("trunk-identity-mismatch", "nobody asked the other address who it is", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 1, undefined, { on: wire.connect(undefined, ELSEWHERE) });
});

bad("wrong-cred", "CREATE_SESSION with AUTH_SYS", (wire) => {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId({ protect: 1, enforce: [OP_CREATE_SESSION] });
  const { call } = connection.createSessionCall(clientId);
  const frames = [replyFrame, call.frame, call.fail(NFS4ERR_WRONG_CRED)];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: null };
});

bad("wrong-cred", "DESTROY_SESSION with AUTH_SYS, and the server lets it pass", (wire) => {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId({ protect: 1, enforce: [OP_DESTROY_SESSION] });
  const session = connection.createSession(clientId);
  const call = connection.destroySession(session.id);
  return { severity: "error", fault: "client", frames: [replyFrame, call.frame, call.ok()] };
});

good("wrong-cred", "operations that are not to be enforced", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ protect: 1, enforce: [OP_DESTROY_SESSION] });
  connection.createSession(clientId).slot(0).exchange(1, 1, [op.reclaimComplete()]);
});

good("wrong-cred", "with Kerberos and integrity", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ protect: 1, enforce: [OP_DESTROY_SESSION] });
  const session = connection.createSession(clientId);
  const args = { dsa_sessionid: bytesFrom(`0x${session.id}`) };
  new GssPeer(connection, RPC_GSS_SVC_INTEGRITY).exchange([op.step("DESTROY_SESSION", args)]);
});
