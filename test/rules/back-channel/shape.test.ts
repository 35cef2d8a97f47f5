import { bad, good, only } from "../../support/rule-stories.ts";
import { CALLBACK_PROGRAM, op } from "../../support/scenario.ts";

const OP_NOT_IN_SESSION = 10071;
const SEQUENCE_POS = 10064;
const BADSESSION = 10052;
const REP_TOO_BIG_TO_CACHE = 10067;
const BACK = { flags: 2 };

bad("backchannel-missing-cb-sequence", "a callback as NFSv4.0 has them", (wire) => {
  const { connection } = wire.session(BACK);
  const call = connection.callback([op.recall()]);
  call.fail(OP_NOT_IN_SESSION);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame], slot: null };
});

good("backchannel-missing-cb-sequence", "CB_SEQUENCE leads", (wire) => {
  wire.session(BACK).callback(0, 1).ok();
});

good("backchannel-missing-cb-sequence", "it comes second: backchannel-cb-sequence-pos", (wire) => {
  const session = wire.session(BACK);
  session.connection.callback([op.recall(), session.callbackSequence(0, 1)]).fail(OP_NOT_IN_SESSION);
});

bad("backchannel-cb-sequence-pos", "behind another operation", (wire) => {
  const session = wire.session(BACK);
  const call = session.connection.callback([op.recall(), session.callbackSequence(0, 1)]);
  call.fail(OP_NOT_IN_SESSION);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame], slot: null };
});

bad("backchannel-cb-sequence-pos", "a second one", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1, [session.callbackSequence(0, 1)]);
  call.ok([0, SEQUENCE_POS]);
  return { frames: [call.frame], slot: 0, seq: 1 };
});

good("backchannel-cb-sequence-pos", "at the front, once", (wire) => {
  wire.session(BACK).callback(0, 1, [op.recall(), op.recallAny()]).ok();
});

bad("backchannel-no-channel", "nobody gave the session one", (wire) => {
  const session = wire.session();
  const call = session.callback(0, 1);
  call.fail(BADSESSION);
  const frames = [session.creation.reply, call.frame];
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

bad("backchannel-no-channel", "asked for and not granted", (wire) => {
  const call = wire.session({ flags: 2, grantedFlags: 0 }).callback(0, 1);
  call.ok();
  return { slot: 0 };
});

good("backchannel-no-channel", "granted with the session", (wire) => {
  wire.session(BACK).callback(0, 1).ok();
});

good("backchannel-no-channel", "bound later", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id).ok();
  session.callback(0, 1).ok();
});

good("backchannel-no-channel", "the session is older than the capture", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(7);
  session.callback(0, 1).ok();
});

bad("backchannel-wrong-program", "not the one of CREATE_SESSION", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1, undefined, { program: CALLBACK_PROGRAM + 5 });
  call.refuse(1);
  const frames = [session.creation.reply, call.frame];
  return { severity: "error", confidence: "certain", fault: "server", frames };
});

bad("backchannel-wrong-program", "no program that a client may choose", (wire) => {
  const call = wire.session(BACK).callback(0, 1, undefined, { program: 100_005 });
  call.refuse(1);
  return { severity: "error" };
});

bad("backchannel-wrong-program", "the old one long after BACKCHANNEL_CTL", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, [op.backchannelCtl(CALLBACK_PROGRAM + 1)]);
  wire.wait(5);
  session.callback(0, 1).refuse(1);
  return { severity: "error" };
});

good("backchannel-wrong-program", "the old one right after BACKCHANNEL_CTL, then the new one", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, [op.backchannelCtl(CALLBACK_PROGRAM + 1)]);
  session.callback(0, 1).ok();
  wire.wait(5);
  session.callback(0, 2, undefined, { program: CALLBACK_PROGRAM + 1 }).ok();
});

good(
  "backchannel-wrong-program",
  "either while BACKCHANNEL_CTL is not answered; the old one after it failed",
  (wire) => {
    const session = wire.session(BACK);
    const control = session.slot(0).send(1, [op.backchannelCtl(CALLBACK_PROGRAM + 1)]);
    session.callback(0, 1).ok();
    session.callback(0, 2, undefined, { program: CALLBACK_PROGRAM + 1 }).ok();
    control.ok([0, 10004]);
    wire.wait(5);
    session.callback(0, 3).ok();
  },
);

good("backchannel-wrong-program", "nobody knows which program the client asked for", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(7);
  session.callback(0, 1, undefined, { program: CALLBACK_PROGRAM + 5 }).ok();
});

bad("backchannel-rpc-version", "neither 1 nor 4", (wire) => {
  const call = wire.session(BACK).callback(0, 1, undefined, { version: 2 });
  call.refuse(2);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame] };
});

bad("backchannel-rpc-version", "4 is what the text says", (wire) => {
  const call = wire.session(BACK).callback(0, 1, undefined, { version: 4 });
  call.ok();
  return { severity: "note", fault: "none", frames: [call.frame] };
});

good("backchannel-rpc-version", "1 is what the XDR says", (wire) => {
  wire.session(BACK).callback(0, 1).ok();
});

bad("backchannel-minor-version", "2 on a session of minor version 1", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1, undefined, { minor: 2 });
  const frames = [session.creation.reply, call.frame];
  call.results(10021, []);
  return { severity: "error", confidence: "certain", fault: "server", frames };
});

bad("backchannel-minor-version", "1 on a session of minor version 2", (wire) => {
  const session = wire.session({ ...BACK, minor: 2 });
  session.callback(0, 1, undefined, { minor: 1 }).results(10021, []);
  return { severity: "warning" };
});

bad("backchannel-minor-version", "0, which has no sessions", (wire) => {
  wire.session(BACK).callback(0, 1, undefined, { minor: 0 }).results(10021, []);
  return { severity: "error" };
});

good("backchannel-minor-version", "that of the session", (wire) => {
  wire
    .session({ ...BACK, minor: 2 })
    .callback(0, 1)
    .ok();
});

bad("backchannel-sec-not-offered", "AUTH_NONE where AUTH_SYS was offered", (wire) => {
  const session = wire.session({ ...BACK, offered: [{ uid: 0 }] });
  const call = session.callback(0, 1, undefined, { uid: -1 });
  call.ok();
  const frames = [session.creation.reply, call.frame];
  return { severity: "error", confidence: "certain", fault: "server", frames };
});

bad("backchannel-sec-not-offered", "another user", (wire) => {
  wire
    .session({ ...BACK, offered: [{ uid: 0 }] })
    .callback(0, 1, undefined, { uid: 7 })
    .ok();
  return { severity: "error" };
});

bad("backchannel-sec-not-offered", "a group more", (wire) => {
  wire
    .session({ ...BACK, offered: [{ uid: 0, gids: [4] }] })
    .callback(0, 1, undefined, { gids: [4, 5] })
    .ok();
  return { severity: "error" };
});

good("backchannel-sec-not-offered", "one of those offered, groups left out", (wire) => {
  const session = wire.session({ ...BACK, offered: [{}, { uid: 0, gids: [4, 5] }] });
  session.callback(0, 1, undefined, { uid: -1 }).ok();
  session.callback(0, 2, undefined, { gids: [5] }).ok();
});

good("backchannel-sec-not-offered", "added by BACKCHANNEL_CTL", (wire) => {
  const session = wire.session({ ...BACK, offered: [{}] });
  session.slot(0).exchange(1, 1, [op.backchannelCtl(CALLBACK_PROGRAM, [{ uid: 7 }])]);
  session.callback(0, 1, undefined, { uid: 7 }).ok();
});

good("backchannel-sec-not-offered", "more offered than anybody remembers", (wire) => {
  const session = wire.session({ ...BACK, offered: Array.from({ length: 1000 }, (_, uid) => ({ uid })) });
  session.callback(0, 1, undefined, { uid: 999 }).ok();
});

bad("backchannel-too-many-ops", "one more than ca_maxoperations", (wire) => {
  const call = wire.session({ ...BACK, back: { maxOperations: 2 } }).callback(0, 1, [op.recall(), op.recallAny()]);
  call.fail(10070);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame], slot: 0, seq: 1 };
});

good("backchannel-too-many-ops", "as many as are allowed", (wire) => {
  wire
    .session({ ...BACK, back: { maxOperations: 3 } })
    .callback(0, 1, [op.recall(), op.recallAny()])
    .ok();
});

bad("backchannel-request-too-big", "larger than ca_maxrequestsize", (wire) => {
  const call = wire
    .session({ ...BACK, back: { maxRequestSize: 200 } })
    .callback(0, 1, [op.recall(new Uint8Array(120))]);
  call.fail(10065);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame], slot: 0, seq: 1 };
});

good("backchannel-request-too-big", "small enough", (wire) => {
  wire
    .session({ ...BACK, back: { maxRequestSize: 400 } })
    .callback(0, 1)
    .ok();
});

const LONG_ANSWER = op.step(
  "CB_GETATTR",
  { fh: new Uint8Array(4), attr_request: [] },
  { resok4: { obj_attributes: { attrmask: [], attr_vals: new Uint8Array(1000) } } },
);

bad("backchannel-reply-too-big", "larger than ca_maxresponsesize", (wire) => {
  const call = wire.session({ ...BACK, back: { maxResponseSize: 500 } }).callback(0, 1, [LONG_ANSWER]);
  const frames = [call.frame, call.ok()];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: 0, seq: 1 };
});

bad("backchannel-reply-too-big", "by no more than authentication takes", (wire) => {
  wire
    .session({ ...BACK, back: { maxResponseSize: 900 } })
    .callback(0, 1, [LONG_ANSWER])
    .ok();
  return { severity: "note" };
});

good("backchannel-reply-too-big", "small enough", (wire) => {
  wire
    .session({ ...BACK, back: { maxResponseSize: 500 } })
    .callback(0, 1)
    .ok();
});

bad("backchannel-cachethis-refused", "nothing can be cached", (wire) => {
  const session = wire.session({ ...BACK, back: { maxResponseSizeCached: 0 } });
  const call = session.callback(0, 1, undefined, { cachethis: true });
  const frames = [call.frame, call.fail(REP_TOO_BIG_TO_CACHE)];
  return { severity: "warning", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

good("backchannel-cachethis-refused", "there is room", (wire) => {
  wire
    .session({ ...BACK, back: { maxResponseSizeCached: 400 } })
    .callback(0, 1, undefined, { cachethis: true })
    .ok();
});

good("backchannel-cachethis-refused", "not to be cached", (wire) => {
  wire
    .session({ ...BACK, back: { maxResponseSizeCached: 0 } })
    .callback(0, 1)
    .ok();
});

only(["backchannel-missing-cb-sequence"], "a callback without CB_SEQUENCE", (wire) => {
  wire.session(BACK).connection.callback([op.recall()]).fail(OP_NOT_IN_SESSION);
});
