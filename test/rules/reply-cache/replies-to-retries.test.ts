import { expect } from "vitest";
import {
  NFS4ERR_DEADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_EXIST,
  NFS4ERR_NOENT,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type SendOptions, type Sent, type Slot } from "../../support/scenario.ts";
import type { Step } from "../../support/scenario-operations.ts";

const CACHED: SendOptions = { cachethis: true };

/** A filehandle that the server may make anew: what is asked is the same, the answer is not. */
const getfh = (byte: number) => op.step("GETFH", undefined, { resok4: { object: Uint8Array.of(byte, 0, 0, byte) } });

/** A first transmission that was answered. */
function original(slot: Slot, steps: readonly Step[], options: SendOptions = CACHED): { sent: Sent; reply: number } {
  const sent = slot.send(1, steps, options);
  return { sent, reply: sent.ok() };
}

/** The same request over a new connection. */
function again(wire: Scenario, slot: Slot, steps: readonly Step[], options: SendOptions = CACHED): Sent {
  slot.session.connection.close("rst");
  wire.wait(1);
  return slot.send(1, steps, { ...options, on: wire.connect() });
}

bad("server-rejected-retry", "a finished request is called a false retry", (wire) => {
  const slot = wire.session().slot(2);
  const { sent, reply } = original(slot, [op.putfh(), op.remove()]);
  const retry = again(wire, slot, [op.putfh(), op.remove()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [sent.frame, reply, retry.frame, retry.fail(NFS4ERR_SEQ_FALSE_RETRY)],
    slot: 2,
    seq: 1,
  };
});

good("server-rejected-retry", "the original still runs", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.remove()], CACHED);
  again(wire, slot, [op.putfh(), op.remove()]).fail(NFS4ERR_SEQ_MISORDERED);
});

good("server-rejected-retry", "another request", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), op.remove("a")]);
  again(wire, slot, [op.putfh(), op.remove("b")]).fail(NFS4ERR_SEQ_FALSE_RETRY);
});

bad("replay-reply-differs", "other results", (wire) => {
  const slot = wire.session().slot(1);
  const { sent, reply } = original(slot, [op.putfh(), getfh(1)]);
  const retry = again(wire, slot, [op.putfh(), getfh(2)]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [sent.frame, reply, retry.frame, retry.ok()],
    slot: 1,
    seq: 1,
  };
});

bad("replay-reply-differs", "the original's reply comes last", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1, [op.putfh(), getfh(1)], CACHED);
  const retry = session.slot(0).send(1, [op.putfh(), getfh(2)], { ...CACHED, on: wire.connect() });
  const early = retry.ok();
  return { frames: [retry.frame, early, first.frame, first.ok()] };
});

good("replay-reply-differs", "only limits and flags differ", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), getfh(1)]);
  again(wire, slot, [op.putfh(), getfh(1)]).ok([], { highest: 1, target: 1, flags: 1 });
});

good("replay-reply-differs", "an uncached reply", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), getfh(1)], {});
  again(wire, slot, [op.putfh(), getfh(1)], {}).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});

good("replay-reply-differs", "a session that outlived its server", (wire) => {
  const slot = wire.session({ flags: 1 }).slot(0);
  original(slot, [op.putfh(), getfh(1)]);
  again(wire, slot, [op.putfh(), getfh(1)]).ok([0, 0, NFS4ERR_DEADSESSION]);
});

bad("double-execution", "REMOVE finds nothing any more", (wire) => {
  const slot = wire.session().slot(3);
  const { sent, reply } = original(slot, [op.putfh(), op.remove()]);
  const retry = again(wire, slot, [op.putfh(), op.remove()]);
  const second = retry.ok([0, 0, NFS4ERR_NOENT]);
  expect(wire.of("replay-reply-differs")).toEqual([]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [sent.frame, reply, retry.frame, second],
    slot: 3,
    seq: 1,
  };
});

bad("double-execution", "an uncached CREATE runs again", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), op.mkdir(), op.getfh()], {});
  again(wire, slot, [op.putfh(), op.mkdir(), op.getfh()], {}).ok([0, 0, NFS4ERR_EXIST]);
  return { severity: "error", confidence: "certain" };
});

good("double-execution", "the cached reply", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), op.remove()]);
  again(wire, slot, [op.putfh(), op.remove()]).ok();
});

good("double-execution", "both failed", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.remove()], CACHED).ok([0, 0, NFS4ERR_NOENT]);
  again(wire, slot, [op.putfh(), op.remove()]).ok([0, 0, NFS4ERR_NOENT]);
});

bad("cached-reply-lost", "sa_cachethis was set", (wire) => {
  const slot = wire.session().slot(1);
  const { sent, reply } = original(slot, [op.putfh(), op.remove()]);
  const retry = again(wire, slot, [op.putfh(), op.remove()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [sent.frame, reply, retry.frame, retry.ok([0, NFS4ERR_RETRY_UNCACHED_REP])],
    slot: 1,
    seq: 1,
  };
});

good("cached-reply-lost", "sa_cachethis was clear", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), op.remove()], {});
  again(wire, slot, [op.putfh(), op.remove()], {}).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});

bad("retry-uncached-on-sequence", "SEQUENCE fails", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), getfh(1)], {});
  const retry = again(wire, slot, [op.putfh(), getfh(1)], {});
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [retry.frame, retry.fail(NFS4ERR_RETRY_UNCACHED_REP)],
    slot: 0,
    seq: 1,
  };
});

good("retry-uncached-on-sequence", "the second operation fails", (wire) => {
  const slot = wire.session().slot(0);
  original(slot, [op.putfh(), getfh(1)], {});
  again(wire, slot, [op.putfh(), getfh(1)], {}).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});

const renew = () => op.step("RENEW", { clientid: 1n });
const seek = () => op.step("SEEK", { sa_stateid: { seqid: 1, other: new Uint8Array(12) }, sa_offset: 0n, sa_what: 0 });

bad("retry-uncached-on-illegal-op", "an operation of NFSv4.0", (wire) => {
  const slot = wire.session().slot(0);
  const sent = slot.send(1, [renew()]);
  const reply = sent.ok([0, NFS4ERR_NOTSUPP]);
  const retry = again(wire, slot, [renew()], {});
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [sent.frame, reply, retry.frame, retry.ok([0, NFS4ERR_RETRY_UNCACHED_REP])],
    slot: 0,
    seq: 1,
  };
});

bad("retry-uncached-on-illegal-op", "an operation of the next minor version", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [seek()], CACHED).ok([0, NFS4ERR_OP_ILLEGAL]);
  again(wire, slot, [seek()]).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
  expect(wire.of("cached-reply-lost")).toEqual([]);
  return { severity: "error" };
});

good("retry-uncached-on-illegal-op", "the same operation where it belongs", (wire) => {
  const slot = wire.session({ minor: 2 }).slot(0);
  slot.send(1, [seek()]).ok([0, NFS4ERR_NOTSUPP]);
  again(wire, slot, [seek()], {}).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});

bad("retry-in-progress-not-delay", "the retry is told that the reply was not kept", (wire) => {
  const slot = wire.session().slot(2);
  const first = slot.send(1, [op.putfh(), op.remove()]);
  const retry = slot.send(1, [op.putfh(), op.remove()]);
  const early = retry.ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [first.frame, retry.frame, early, first.ok()],
    slot: 2,
    seq: 1,
  };
});

good("retry-in-progress-not-delay", "the retry is put off", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, [op.putfh(), op.remove()]);
  slot.send(1, [op.putfh(), op.remove()]).fail(NFS4ERR_DELAY);
  first.ok();
});

good("retry-in-progress-not-delay", "the original was finished, its reply lost with the connection", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.remove()]);
  again(wire, slot, [op.putfh(), op.remove()], {}).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});
