import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const UNCACHED = 10068;

bad("cachethis-retry-uncached", "the second operation says that nothing was cached", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const first = session.slot(0).send(2, [op.putfh(), op.rename()]);
  session.connection.close("rst");
  const again = session.slot(0).send(2, [op.putfh(), op.rename()], { on: wire.connect() });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, again.frame, again.ok([0, UNCACHED])],
    slot: 0,
    seq: 2,
  };
});

bad("cachethis-retry-uncached", "an OPEN that creates", (wire) => {
  const slot = wire.session().slot(0);
  const steps = [op.putfh(), op.open("new", { create: true })];
  slot.send(1, steps).ok();
  slot.send(1, steps).ok([0, UNCACHED]);
  return { seq: 1 };
});

bad("cachethis-retry-uncached", "RECLAIM_COMPLETE, which Linux sends uncached: a note", (wire) => {
  const session = wire.session();
  session.slot(0).send(1, [op.reclaimComplete()]);
  session.connection.close("rst");
  session.slot(0).send(1, [op.reclaimComplete()], { on: wire.connect() }).ok();
  return { severity: "note", fault: "none", slot: 0, seq: 1 };
});

good("cachethis-retry-uncached", "it was to be cached", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.rename()], { cachethis: true }).ok();
  slot.send(1, [op.putfh(), op.rename()], { cachethis: true }).ok();
});

good("cachethis-retry-uncached", "it only reads", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.open("old")]).ok();
  slot.send(1, [op.putfh(), op.open("old")]).ok([0, UNCACHED]);
});

good("cachethis-retry-uncached", "the first attempt ended at SEQUENCE", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, [op.putfh(), op.rename()]).fail(DELAY);
  slot.send(1, [op.putfh(), op.rename()]).ok();
});

bad("uncached-nonidempotent", "REMOVE", (wire) => {
  const call = wire.session().slot(0).send(1, [op.putfh(), op.remove()]);
  call.ok();
  return { severity: "warning", confidence: "certain", fault: "client", frames: [call.frame] };
});

bad("uncached-nonidempotent", "an OPEN that creates", (wire) => {
  const call = wire
    .session()
    .slot(0)
    .send(1, [op.putfh(), op.open("new", { create: true })]);
  call.ok();
  return { severity: "warning", frames: [call.frame] };
});

bad("uncached-nonidempotent", "RECLAIM_COMPLETE is worth a note only", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [op.reclaimComplete()]);
  call.ok();
  session.slot(0).exchange(2, 4, [op.reclaimComplete()]);
  return { severity: "note", fault: "none", frames: [call.frame], occurrences: 1 };
});

bad("uncached-nonidempotent", "probably, when the size of the reply cache was not captured", (wire) => {
  wire.adopted().slot(0).exchange(5, 7, [op.putfh(), op.remove()]);
  return { severity: "warning", confidence: "likely" };
});

good("uncached-nonidempotent", "REMOVE with sa_cachethis", (wire) => {
  wire.session().slot(0).exchange(1, 3, [op.putfh(), op.remove()], { cachethis: true });
});

good("uncached-nonidempotent", "OPEN of a file that exists, WRITE, GETATTR", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.putfh(), op.open("old")]);
  slot.exchange(2, 2, [op.putfh(), op.write()]);
  slot.exchange(3);
});

good("uncached-nonidempotent", "the session caches no replies", (wire) => {
  const session = wire.session({ foreGranted: { maxResponseSizeCached: 0 } });
  session.slot(0).exchange(1, 3, [op.putfh(), op.remove()]);
});

good("uncached-nonidempotent", "operations with a reply cache of their own", (wire) => {
  const session = wire.session();
  const destroy = op.step("DESTROY_CLIENTID", { dca_clientid: 99n });
  session.slot(0).send(1, [destroy]).ok([0, 10022]);
});

bad("cachethis-wasteful", "a request that only reads, once a session", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, undefined, { cachethis: true });
  call.ok();
  session.slot(0).exchange(2, 9, undefined, { cachethis: true });
  return { severity: "note", confidence: "certain", fault: "client", frames: [call.frame], occurrences: 1 };
});

bad("cachethis-wasteful", "a READ of more than can be cached, behind a REMOVE", (wire) => {
  const session = wire.session({ foreGranted: { maxResponseSizeCached: 2048 } });
  const call = session.slot(0).send(1, [op.putfh(), op.remove(), op.read(4096)], { cachethis: true });
  call.ok();
  return { severity: "note", frames: [call.frame] };
});

good("cachethis-wasteful", "a short READ behind a REMOVE", (wire) => {
  const session = wire.session({ foreGranted: { maxResponseSizeCached: 4200 } });
  session.slot(0).exchange(1, 1, [op.putfh(), op.remove(), op.read(4096)], { cachethis: true });
});

good("cachethis-wasteful", "a lone SEQUENCE: its result is always kept", (wire) => {
  wire.session().slot(0).exchange(1, 3, [], { cachethis: true });
});
