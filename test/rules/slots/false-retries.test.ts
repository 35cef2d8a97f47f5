import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const FALSE_RETRY = 10076;
const BADSESSION = 10052;
const ROOT = 0;

bad("false-retry", "other operations under an answered sequence id", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1);
  const first = slot.send(2, [op.putfh(), op.access()]);
  const reply = first.ok();
  const again = slot.send(2, [op.putfh(), op.remove()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame, again.fail(FALSE_RETRY)],
    slot: 2,
    seq: 2,
  };
});

bad("false-retry", "other arguments, while the first is outstanding", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, [op.putfh(), op.remove("a")]);
  const again = slot.send(1, [op.putfh(), op.remove("b")]);
  return { frames: [first.frame, again.frame, again.fail(FALSE_RETRY)] };
});

bad("false-retry", "a whole request where a probe would do: Linux up to 4.14", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2, [op.putfh(), op.remove("a")]);
  slot.send(3, [op.putfh(), op.remove("b")]).fail(10063);
  slot.send(2, [op.putfh(), op.remove("c")]).ok();
  return { severity: "error", seq: 2 };
});

good("false-retry", "a slot that stood at 1 was taken away and starts at 1 again", (wire) => {
  const session = wire.session();
  session.slot(3).exchange(1, 1, [op.putfh(), op.access()]);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(3).exchange(1, 3, [op.putfh(), op.read()]);
});

good("false-retry", "the very first reply had lowered the limit while the slot was in use", (wire) => {
  const session = wire.session();
  const under = session.slot(3).send(1, [op.putfh(), op.access()]);
  session.slot(0).send(1).ok([], { highest: 0 });
  under.ok([], { highest: 0 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(3).exchange(1, 1, [op.putfh(), op.read()]);
});

good("false-retry", "the same request", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.putfh(), op.remove("a")]);
  slot.exchange(1, 1, [op.putfh(), op.remove("a")]);
});

good("false-retry", "tag, xid and sa_highest_slotid may differ", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1).ok();
  slot.send(1, undefined, { tag: "again", highest: 3 }).ok();
});

for (const status of [DELAY, BADSESSION]) {
  good("false-retry", `another request after status ${status} at SEQUENCE`, (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1);
    slot.send(2, [op.putfh(), op.remove("a")]).fail(status);
    slot.send(2, [op.putfh(), op.remove("b")]).ok();
  });
}

good("false-retry", "another request after an answer without results", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2, [op.putfh(), op.remove("a")]).results(DELAY, []);
  slot.send(2, [op.putfh(), op.remove("b")]).ok();
});

good("false-retry", "another request after a refusal by the RPC layer", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2, [op.putfh(), op.remove("a")]).refuse();
  slot.send(2, [op.putfh(), op.remove("b")]).ok();
});

good("false-retry", "bytes are missing that may have held such an answer", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session
    .slot(0)
    .send(2, [op.putfh(), op.remove("a")])
    .fail(DELAY, { lost: true });
  session.slot(1).exchange(1);
  session
    .slot(0)
    .send(2, [op.putfh(), op.remove("b")])
    .ok();
});

bad("false-retry-user", "the same request by another user", (wire) => {
  const slot = wire.session().slot(1);
  const first = slot.send(1, undefined, { uid: 1000 });
  const reply = first.ok();
  const again = slot.send(1, undefined, { uid: 1001 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame, again.fail(FALSE_RETRY)],
    slot: 1,
    seq: 1,
  };
});

bad("false-retry-user", "root and nobody may be one user after squashing", (wire) => {
  const slot = wire.session().slot(1);
  slot.send(1, undefined, { uid: ROOT }).ok();
  slot.send(1, undefined, { uid: 65_534 }).ok();
  return { confidence: "possible" };
});

good("false-retry-user", "the same user", (wire) => {
  const slot = wire.session().slot(1);
  slot.send(1, undefined, { uid: 1000 }).ok();
  slot.send(1, undefined, { uid: 1000 }).ok();
});

good("false-retry-user", "another user's request after the first was refused", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1);
  slot.send(2, undefined, { uid: 1000 }).fail(DELAY);
  slot.send(2, undefined, { uid: 1001 }).ok();
});

bad("false-retry-cachethis", "the retry no longer asks for caching", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, [op.putfh(), op.remove()], { cachethis: true });
  first.ok();
  const again = slot.send(1, [op.putfh(), op.remove()]);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, again.frame, again.fail(FALSE_RETRY)],
    slot: 0,
    seq: 1,
  };
});

good("false-retry-cachethis", "both ask for it", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.remove()], { cachethis: true }).ok();
  slot.send(1, [op.putfh(), op.remove()], { cachethis: true }).ok();
});

good("false-retry-cachethis", "changed after NFS4ERR_DELAY at SEQUENCE: a fresh attempt", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.remove()], { cachethis: true }).fail(DELAY);
  slot.send(1, [op.putfh(), op.remove()]).ok();
});
