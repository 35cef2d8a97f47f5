import { NFS4ERR_INVAL, NFS4ERR_TOOSMALL } from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import type { SessionOptions } from "../../support/scenario.ts";

const PERSIST = 1;
const CONN_BACK_CHAN = 2;
const CONN_RDMA = 4;
const UNDEFINED = 0x40;
const CB_PATH_DOWN = 1;

/** A session asked for and granted so fires the rule on CREATE_SESSION. */
function badGrant(
  rule: string,
  title: string,
  severity: "error" | "warning" | "note",
  fault: "client" | "server",
  options: SessionOptions,
): void {
  bad(rule, title, (wire) => {
    const { creation } = wire.session(options);
    return { severity, confidence: "certain", fault, frames: [creation.call, creation.reply], slot: null };
  });
}

function goodGrant(rule: string, title: string, options: SessionOptions): void {
  good(rule, title, (wire) => void wire.session(options).slot(0).exchange(1));
}

badGrant("attrs-raised", "a larger ca_maxrequestsize", "error", "server", {
  fore: { maxRequestSize: 4096 },
  foreGranted: { maxRequestSize: 8192 },
});
badGrant("attrs-raised", "a larger back ca_maxresponsesize_cached", "error", "server", {
  back: { maxResponseSizeCached: 0 },
  backGranted: { maxResponseSizeCached: 4096 },
});
goodGrant("attrs-raised", "smaller sizes", {
  foreGranted: { maxRequestSize: 8192, maxResponseSize: 8192, maxResponseSizeCached: 512 },
});
goodGrant("attrs-raised", "more slots and operations on the fore channel", {
  fore: { maxRequests: 4, maxOperations: 8 },
  foreGranted: { maxRequests: 30, maxOperations: 16 },
});

badGrant("back-attrs-changed", "fewer callback slots than offered", "error", "server", {
  flags: CONN_BACK_CHAN,
  back: { maxRequests: 16 },
  backGranted: { maxRequests: 1 },
});
goodGrant("back-attrs-changed", "smaller callback messages", {
  flags: CONN_BACK_CHAN,
  backGranted: { maxRequestSize: 4096, maxResponseSize: 4096, maxResponseSizeCached: 0 },
});

badGrant("flags-not-requested", "a back channel nobody asked for", "error", "server", { grantedFlags: CONN_BACK_CHAN });
badGrant("flags-not-requested", "RDMA nobody asked for", "error", "server", {
  flags: CONN_BACK_CHAN,
  grantedFlags: CONN_BACK_CHAN | CONN_RDMA,
});
goodGrant("flags-not-requested", "less than was asked for", { flags: 7, grantedFlags: CONN_BACK_CHAN });

badGrant("persist-not-requested", "PERSIST nobody asked for", "note", "server", { grantedFlags: PERSIST });
goodGrant("persist-not-requested", "PERSIST on request", { flags: PERSIST });

badGrant("flags-undefined-echoed", "an undefined bit comes back", "note", "server", {
  flags: UNDEFINED,
  grantedFlags: UNDEFINED,
});
goodGrant("flags-undefined-echoed", "an undefined bit is cleared", { flags: UNDEFINED, grantedFlags: 0 });

badGrant("create-flags-undefined", "an undefined bit is sent", "warning", "client", {
  flags: UNDEFINED,
  grantedFlags: 0,
});
bad("create-flags-undefined", "also when the server refuses it", (wire) => {
  const connection = wire.connect();
  const { call } = connection.createSessionCall(connection.exchangeId().clientId, { flags: UNDEFINED });
  return { severity: "warning", fault: "client", frames: [call.frame, call.fail(NFS4ERR_INVAL)] };
});
goodGrant("create-flags-undefined", "all defined bits", { flags: 7 });

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
badGrant("channel-too-small", "no request fits: a note", "note", "client", { fore: { maxRequestSize: 87 } });
badGrant("channel-too-small", "SEQUENCE and nothing else: a note", "note", "client", { fore: { maxOperations: 1 } });
goodGrant("channel-too-small", "a lone SEQUENCE and its reply just fit", {
  fore: { maxRequestSize: 88, maxResponseSize: 80, maxOperations: 2 },
});
goodGrant("channel-too-small", "a back channel that is not wanted may be of any size", {
  back: { maxResponseSize: 0 },
});

badGrant("toosmall-not-returned", "a channel without room for a reply is granted", "warning", "server", {
  fore: { maxResponseSize: 79 },
});
good("toosmall-not-returned", "it is refused", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSessionCall(clientId, { fore: { maxResponseSize: 79 } }).call.fail(NFS4ERR_TOOSMALL);
});
goodGrant("toosmall-not-returned", "the smallest reply fits", { fore: { maxResponseSize: 80 } });

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
