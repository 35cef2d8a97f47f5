import { RPC_GSS_SVC_NONE } from "../../../src/rpc/gss.ts";
import { GssPeer } from "../../support/gss.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const [AUTH_BADCRED, AUTH_TOOWEAK, CREDPROBLEM, CTXPROBLEM] = [1, 5, 13, 14];
const [PROG_MISMATCH, GARBAGE_ARGS, SYSTEM_ERR] = [2, 4, 5];

bad("rpc-auth-error", "a request in the middle of a session", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "unknown",
    frames: [call.frame, call.deny(AUTH_BADCRED)],
    slot: 0,
    seq: 1,
  };
});

bad("rpc-auth-error", "a GSS context that has to be renewed is only noted", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  const frames = [call.frame, call.deny(CREDPROBLEM)];
  session.slot(0).exchange(1);
  return { severity: "note", fault: "none", frames };
});

bad("rpc-auth-error", "a GSS context that runs out is one note for the session", (wire) => {
  const session = wire.session();
  const calls = [0, 1, 2].map((slot) => session.slot(slot).send(1));
  const [first = 0] = calls.map((call) => call.deny(CTXPROBLEM));
  for (const slot of [0, 1, 2]) session.slot(slot).exchange(1);
  return { severity: "note", frames: [calls[0]!.frame, first], occurrences: 3, slot: null };
});

bad("rpc-auth-error", "a flavor that is tried at mount time is only noted", (wire) => {
  const on = wire.connect();
  const call = on.null();
  const frames = [call.frame, call.deny(AUTH_TOOWEAK)];
  on.createSession(on.exchangeId().clientId);
  return { severity: "note", fault: "unknown", frames, slot: null };
});

good("rpc-auth-error", "the compound itself says who may not", (wire) => {
  wire.session().slot(0).send(1).ok([0, 13]);
});

bad("rpc-garbage-args", "a request in the middle of a session that can be decoded", (wire) => {
  const session = wire.session();
  const call = session.slot(1).send(1);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "unknown",
    frames: [call.frame, call.refuse(GARBAGE_ARGS)],
    slot: 1,
    seq: 1,
  };
});

bad("rpc-garbage-args", "SYSTEM_ERR comes from the server alone", (wire) => {
  const call = wire.session().slot(0).send(1);
  return { severity: "warning", fault: "server", frames: [call.frame, call.refuse(SYSTEM_ERR)] };
});

bad("rpc-garbage-args", "the program has gone from the address", (wire) => {
  const call = wire.session().slot(0).send(1);
  return { severity: "warning", fault: "server", frames: [call.frame, call.refuse(PROG_MISMATCH)] };
});

bad("rpc-garbage-args", "trying out a version is only noted", (wire) => {
  const on = wire.connect();
  const call = on.null();
  return { severity: "note", fault: "unknown", frames: [call.frame, call.refuse(PROG_MISMATCH)], slot: null };
});

bad("rpc-garbage-args", "a client that refuses a callback", (wire) => {
  const session = wire.session({ flags: 2 });
  const call = session.connection.callback([session.callbackSequence(0, 1), op.recall()]);
  return { severity: "warning", fault: "client", frames: [call.frame, call.refuse(SYSTEM_ERR)], slot: 0, seq: 1 };
});

good("rpc-garbage-args", "NULL is answered", (wire) => {
  wire.connect().null().refuse(0);
});

/** A request with GSS number 5 that is sent after number 20 and comes again as number `again`. */
function lateRequest(wire: Scenario, window: number, answered = false) {
  const session = wire.session();
  const peer = new GssPeer(session.connection, RPC_GSS_SVC_NONE);
  peer.create(window);
  const steps = (slot: number, seq: number) => [session.sequence(slot, seq), op.putrootfh(), op.getattr()];
  for (let i = 1; i <= 20; i++) if (i !== 5) peer.exchange(steps(0, i < 5 ? i : i - 1), i);
  const late = peer.send(steps(1, 1), 5);
  if (answered) peer.answer(late, steps(1, 1));
  wire.wait(60);
  const again = peer.send(steps(1, 1), 21);
  return { late, again, answer: peer.answer(again, steps(1, 1)) };
}

bad("gss-silent-drop", "a request whose GSS number was overtaken by more than the window", (wire) => {
  const { late, again, answer } = lateRequest(wire, 10);
  return {
    severity: "note",
    confidence: "certain",
    fault: "network",
    frames: [late.frame, again.frame, answer],
    slot: 1,
    seq: 1,
  };
});

good("retry-before-reply", "RPCSEC_GSS dropped the first copy", (wire) => {
  lateRequest(wire, 10);
});

good("gss-silent-drop", "inside the window the server has to answer", (wire) => {
  lateRequest(wire, 128);
});

bad("retry-before-reply", "inside the window of its GSS context", (wire) => {
  const { late, again, answer } = lateRequest(wire, 128);
  return { fault: "client", frames: [late.frame, again.frame, answer] };
});
