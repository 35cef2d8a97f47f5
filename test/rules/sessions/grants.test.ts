import { NFS4ERR_INVAL, NFS4ERR_TOOSMALL } from "../../../src/nfs4/constants.ts";
import { bad, type Expected, good } from "../../support/rule-stories.ts";
import type { Scenario, SessionOptions } from "../../support/scenario.ts";

const PERSIST = 1;
const CONN_BACK_CHAN = 2;
const CONN_RDMA = 4;
const UNDEFINED = 0x40;
const CB_PATH_DOWN = 1;

/** A session asked for and granted so: CREATE_SESSION is what the finding is about. */
const granted =
  (severity: "error" | "warning" | "note", fault: "client" | "server", options: SessionOptions) =>
  (wire: Scenario): Expected => {
    const { creation } = wire.session(options);
    return { severity, confidence: "certain", fault, frames: [creation.call, creation.reply], slot: null };
  };

const healthy = (options: SessionOptions) => (wire: Scenario) => wire.session(options).slot(0).exchange(1);

bad(
  "attrs-raised",
  "a larger ca_maxrequestsize",
  granted("error", "server", {
    fore: { maxRequestSize: 4096 },
    foreGranted: { maxRequestSize: 8192 },
  }),
);
bad(
  "attrs-raised",
  "a larger back ca_maxresponsesize_cached",
  granted("error", "server", {
    back: { maxResponseSizeCached: 0 },
    backGranted: { maxResponseSizeCached: 4096 },
  }),
);
good(
  "attrs-raised",
  "smaller sizes",
  healthy({
    foreGranted: { maxRequestSize: 8192, maxResponseSize: 8192, maxResponseSizeCached: 512 },
  }),
);
good(
  "attrs-raised",
  "more slots and operations on the fore channel",
  healthy({
    fore: { maxRequests: 4, maxOperations: 8 },
    foreGranted: { maxRequests: 30, maxOperations: 16 },
  }),
);

bad(
  "back-attrs-changed",
  "fewer callback slots than offered",
  granted("error", "server", {
    flags: CONN_BACK_CHAN,
    back: { maxRequests: 16 },
    backGranted: { maxRequests: 1 },
  }),
);
good(
  "back-attrs-changed",
  "smaller callback messages",
  healthy({
    flags: CONN_BACK_CHAN,
    backGranted: { maxRequestSize: 4096, maxResponseSize: 4096, maxResponseSizeCached: 0 },
  }),
);

bad(
  "flags-not-requested",
  "a back channel nobody asked for",
  granted("error", "server", { grantedFlags: CONN_BACK_CHAN }),
);
bad(
  "flags-not-requested",
  "RDMA nobody asked for",
  granted("error", "server", {
    flags: CONN_BACK_CHAN,
    grantedFlags: CONN_BACK_CHAN | CONN_RDMA,
  }),
);
good("flags-not-requested", "less than was asked for", healthy({ flags: 7, grantedFlags: CONN_BACK_CHAN }));

bad("persist-not-requested", "PERSIST nobody asked for", granted("note", "server", { grantedFlags: PERSIST }));
good("persist-not-requested", "PERSIST on request", healthy({ flags: PERSIST }));

bad(
  "flags-undefined-echoed",
  "an undefined bit comes back",
  granted("note", "server", {
    flags: UNDEFINED,
    grantedFlags: UNDEFINED,
  }),
);
good("flags-undefined-echoed", "an undefined bit is cleared", healthy({ flags: UNDEFINED, grantedFlags: 0 }));

bad(
  "create-flags-undefined",
  "an undefined bit is sent",
  granted("warning", "client", {
    flags: UNDEFINED,
    grantedFlags: 0,
  }),
);
bad("create-flags-undefined", "also when the server refuses it", (wire) => {
  const connection = wire.connect();
  const { call } = connection.createSessionCall(connection.exchangeId().clientId, { flags: UNDEFINED });
  return { severity: "warning", fault: "client", frames: [call.frame, call.fail(NFS4ERR_INVAL)] };
});
good("create-flags-undefined", "all defined bits", healthy({ flags: 7 }));

bad("channel-too-small", "no reply fits", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { call } = connection.createSessionCall(clientId, { fore: { maxResponseSize: 79 } });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(NFS4ERR_TOOSMALL)],
  };
});
bad("channel-too-small", "no request fits: a note", granted("note", "client", { fore: { maxRequestSize: 87 } }));
bad(
  "channel-too-small",
  "SEQUENCE and nothing else: a note",
  granted("note", "client", { fore: { maxOperations: 1 } }),
);
good(
  "channel-too-small",
  "a lone SEQUENCE and its reply just fit",
  healthy({
    fore: { maxRequestSize: 88, maxResponseSize: 80, maxOperations: 2 },
  }),
);
good(
  "channel-too-small",
  "a back channel that is not wanted may be of any size",
  healthy({
    back: { maxResponseSize: 0 },
  }),
);

bad(
  "toosmall-not-returned",
  "a channel without room for a reply is granted",
  granted("warning", "server", {
    fore: { maxResponseSize: 79 },
  }),
);
good("toosmall-not-returned", "it is refused", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSessionCall(clientId, { fore: { maxResponseSize: 79 } }).call.fail(NFS4ERR_TOOSMALL);
});
good("toosmall-not-returned", "the smallest reply fits", healthy({ fore: { maxResponseSize: 80 } }));

bad("back-chan-granted-not-bound", "the path is down from the first reply on", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  let last = 0;
  for (let seq = 1; seq <= 5; seq++) {
    wire.wait(2);
    last = session.slot(0).send(seq).ok([], { flags: CB_PATH_DOWN });
  }
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [session.creation.reply, last],
    slot: null,
  };
});
good("back-chan-granted-not-bound", "the path is down only while the server tries it out", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  session.slot(0).send(1).ok([], { flags: CB_PATH_DOWN });
  session.slot(0).exchange(2);
  for (let seq = 3; seq <= 9; seq++) {
    wire.wait(2);
    session.slot(0).send(seq).ok([], { flags: CB_PATH_DOWN });
  }
});
good("back-chan-granted-not-bound", "a callback went unanswered", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  session.connection.callback([session.callbackSequence(0, 1)]);
  for (let seq = 1; seq <= 9; seq++) {
    wire.wait(2);
    session.slot(0).send(seq).ok([], { flags: CB_PATH_DOWN });
  }
});
good("back-chan-granted-not-bound", "nothing shows that the connection lived on", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  const on = wire.connect();
  for (let seq = 1; seq <= 9; seq++) {
    wire.wait(2);
    session.slot(0).send(seq, undefined, { on }).ok([], { flags: CB_PATH_DOWN });
  }
});
