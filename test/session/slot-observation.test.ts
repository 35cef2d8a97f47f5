import { describe, expect, test } from "vitest";
import { created, ModelTraffic } from "../support/model-traffic.ts";

const DELAY = 10008;
const BADSLOT = 10053;
const MISORDERED = 10063;
const UNCACHED = 10068;
const FALSE_RETRY = 10076;
const LAST = 0xffff_ffff;

describe("adoption", () => {
  test("the first call of an unknown slot is taken as it comes", () => {
    const traffic = new ModelTraffic();
    const call = traffic.call({ seq: 41 });
    expect(traffic.news()).toEqual(["session-opened", "call-adopted"]);
    expect(traffic.slot()).toMatchObject({ anchor: "adopted", lastSeq: 41, firstSeq: 41, current: call });
    traffic.ok(call);
    expect(traffic.news()).toEqual(["connection-bound", "answer-clean"]);
    expect(traffic.slot()).toMatchObject({ cleanRun: 1, isBusy: false, isTrusted: false });
    traffic.exchange(42, 43);
    expect(traffic.slot()).toMatchObject({ cleanRun: 3, isTrusted: true });
  });

  test("a refusal of the first call proves nothing", () => {
    const traffic = new ModelTraffic();
    traffic.fail(traffic.call({ seq: 41 }), MISORDERED);
    expect(traffic.slot()).toMatchObject({ anchor: "none", current: null });
    expect(traffic.call({ seq: 7 }).verdict).toBe("adopted");
  });

  test.each([UNCACHED, FALSE_RETRY])("status %i proves that the slot stands at the call's sequence id", (status) => {
    const traffic = new ModelTraffic();
    traffic.fail(traffic.call({ seq: 41 }), status);
    expect(traffic.slot()).toMatchObject({ anchor: "adopted", lastSeq: 41 });
    expect(traffic.call({ seq: 42 }).verdict).toBe("new");
  });

  test("a slot of a session seen from its beginning starts at 0", () => {
    const traffic = created();
    const call = traffic.call({ seq: 1, slot: 2 });
    expect(call).toMatchObject({ verdict: "new", lastSeqBefore: 0, distance: 1, previous: null });
    expect(traffic.slot(2)).toMatchObject({ anchor: "created", isTrusted: true });
  });
});

describe("verdicts", () => {
  test.each([
    [4, "new", "call-new"],
    [3, "retry", "call-retry"],
    [5, "ahead", "call-misordered"],
    [2, "behind", "call-misordered"],
    [0x8000_0002, "ahead", "call-misordered"],
    [0x8000_0003, "behind", "call-misordered"],
  ])("after 3: %i is %s", (seq, verdict, fact) => {
    const traffic = created();
    traffic.exchange(1, 3);
    traffic.news();
    expect(traffic.call({ seq }).verdict).toBe(verdict);
    expect(traffic.news()).toEqual([fact]);
  });

  test("0 on an untouched slot meets the contrived reply, 0 after a wrap does not", () => {
    const traffic = created();
    expect(traffic.call({ seq: 0 }).verdict).toBe("zero-first");
    const wrapped = new ModelTraffic();
    wrapped.exchange(LAST);
    wrapped.exchange(0);
    expect(wrapped.call({ seq: 0 }).verdict).toBe("retry");
    expect(wrapped.call({ seq: 1 })).toMatchObject({ verdict: "new", distance: 1 });
  });

  test("an unanswered request makes the next one early", () => {
    const traffic = created();
    const first = traffic.call({ seq: 1 });
    const early = traffic.call({ seq: 2 });
    expect(early).toMatchObject({ verdict: "early", slotWasBusy: true, previous: first });
    traffic.news();
    traffic.ok(early);
    traffic.ok(first);
    expect(traffic.news()).toEqual(["answer", "answer"]);
    expect(traffic.slot()).toMatchObject({ lastSeq: 2, current: early });
  });

  test("so does one that was lost with its connection, on a slot that is not busy", () => {
    const traffic = created();
    const lost = traffic.call({ seq: 1 });
    traffic.close(traffic.connection, lost);
    traffic.news();
    const next = traffic.call({ seq: 2, on: traffic.connect() });
    expect(next).toMatchObject({ verdict: "early", slotWasBusy: false });
    traffic.ok(next);
    expect(traffic.news()).toEqual(["call-early", "connection-bound", "answer"]);
  });

  test("history is cut: no chain of calls grows with the traffic", () => {
    const traffic = created();
    for (let seq = 1; seq < 50; seq++) traffic.call({ seq });
    for (let seq = 60; seq < 200; seq += 2) traffic.ok(traffic.call({ seq }));
    let length = 0;
    for (let call = traffic.slot().current; call !== null; call = call.previous) length++;
    expect(length).toBeLessThanOrEqual(3);
  });
});

describe("after an error of SEQUENCE", () => {
  test.each([DELAY, 10065, 10070])("status %i leaves the slot where it was", (status) => {
    const traffic = created();
    traffic.exchange(1, 3);
    traffic.fail(traffic.call({ seq: 4, fingerprint: 1 }), status);
    expect(traffic.slot()).toMatchObject({ lastSeq: 3 });
    const next = traffic.call({ seq: 4, fingerprint: 2 });
    expect(next).toMatchObject({ verdict: "new", original: null });
  });

  test("the very first request too", () => {
    const traffic = created();
    traffic.fail(traffic.call({ seq: 1 }), DELAY);
    expect(traffic.slot()).toMatchObject({ lastSeq: 0, current: null });
    expect(traffic.call({ seq: 1 }).verdict).toBe("new");
  });

  test("a refusal by the RPC layer does the same", () => {
    const traffic = created();
    traffic.exchange(1);
    traffic.refuse(traffic.call({ seq: 2 }));
    expect(traffic.slot().lastSeq).toBe(1);
  });

  test("DELAY to a retry whose original may still run leaves the original in place", () => {
    const traffic = created();
    const original = traffic.call({ seq: 1 });
    traffic.close(traffic.connection, original);
    const on = traffic.connect();
    traffic.fail(traffic.call({ seq: 1, on }), DELAY);
    expect(traffic.slot()).toMatchObject({ lastSeq: 1, current: original });
    traffic.ok(traffic.call({ seq: 1, on }));
    expect(traffic.call({ seq: 2, on }).verdict).toBe("new");
  });

  test.each([2, 3])("with zero results either sequence id may follow: %i", (seq) => {
    const traffic = created();
    traffic.exchange(1);
    traffic.failWhole(traffic.call({ seq: 2 }), DELAY);
    expect(traffic.slot().mayBeUnmoved).toBe(true);
    expect(traffic.call({ seq })).toMatchObject({ verdict: "new", original: null });
    expect(traffic.slot()).toMatchObject({ mayBeUnmoved: false, lastSeq: seq });
  });

  test.each([2, 3])("and after a reply that cannot be decrypted: %i", (seq) => {
    const traffic = created();
    traffic.exchange(1);
    traffic.refuse(traffic.call({ seq: 2 }), "UNREADABLE");
    expect(traffic.call({ seq }).verdict).toBe("new");
  });

  test("a misordered call changes nothing", () => {
    const traffic = created();
    traffic.exchange(1, 3);
    traffic.fail(traffic.call({ seq: 9 }), MISORDERED);
    expect(traffic.slot()).toMatchObject({ lastSeq: 3, misorderedRun: 1, anchor: "created" });
    traffic.exchange(4);
    expect(traffic.slot().misorderedRun).toBe(0);
  });

  test("accepted all the same, it tells where the slot stands", () => {
    const traffic = created();
    traffic.exchange(1, 3);
    traffic.exchange(9);
    expect(traffic.slot()).toMatchObject({ lastSeq: 9, anchor: "adopted", cleanRun: 0 });
    expect(traffic.call({ seq: 10 }).verdict).toBe("new");
  });
});

describe("retries", () => {
  test("know their original, and it knows them", () => {
    const traffic = created();
    const first = traffic.call({ seq: 1 });
    const again = traffic.call({ seq: 1 });
    expect(again).toMatchObject({ verdict: "retry-in-flight", original: first, slotWasBusy: true });
    expect(first.retries).toEqual([again]);
    traffic.ok(again);
    // The original never gets its reply: one answer is enough.
    expect(traffic.slot().isBusy).toBe(false);
    expect(traffic.call({ seq: 1 }).verdict).toBe("retry");
    expect(traffic.call({ seq: 2 })).toMatchObject({ verdict: "new", slotWasBusy: false });
    expect(traffic.session()!.fore.retries).toBe(2);
  });

  test("no more than 64 are kept one by one", () => {
    const traffic = created();
    const first = traffic.call({ seq: 1 });
    for (let count = 0; count < 100; count++) traffic.call({ seq: 1 });
    expect(first.retries).toHaveLength(64);
    expect(traffic.slot().retries).toBe(100);
  });

  test("a late copy of the request before is known by its xid and bytes", () => {
    const traffic = created();
    const older = traffic.call({ seq: 1, xid: 7 });
    traffic.ok(older);
    traffic.exchange(2);
    expect(traffic.call({ seq: 1, xid: 7 }).copyOf).toBe(older);
    expect(traffic.call({ seq: 1, xid: 8 }).copyOf).toBeNull();
    expect(traffic.call({ seq: 1, xid: 7, fingerprint: 99 }).copyOf).toBeNull();
  });
});

describe("recovery of an interrupted slot", () => {
  test("begins with a refused successor, ends with the first accepted probe", () => {
    const traffic = created();
    traffic.exchange(1, 4);
    const interrupted = traffic.call({ seq: 5 });
    traffic.fail(traffic.call({ seq: 6 }), MISORDERED);
    expect(traffic.slot()).toMatchObject({ recoveringFrom: interrupted, lastSeq: 5 });
    traffic.fail(traffic.call({ seq: 5, fingerprint: 0 }), MISORDERED);
    expect(traffic.slot().recoveringFrom).toBe(interrupted);
    traffic.ok(traffic.call({ seq: 4, fingerprint: 0 }));
    expect(traffic.slot()).toMatchObject({ recoveringFrom: null, lastSeq: 4, misorderedRun: 0 });
    expect(traffic.call({ seq: 5 }).verdict).toBe("new");
  });

  test("does not begin where the request before was answered", () => {
    const traffic = created();
    traffic.exchange(1);
    traffic.fail(traffic.call({ seq: 2 }), MISORDERED);
    expect(traffic.slot().recoveringFrom).toBeNull();
  });
});

describe("retirement", () => {
  test("a lowered limit: granted again, the slot may start at 1", () => {
    const traffic = created();
    traffic.exchange(1, 5, { slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    expect(traffic.slot(3).wasRetired).toBe(true);
    traffic.ok(traffic.call({ seq: 2 }), { highest: 3 });
    expect(traffic.call({ seq: 1, slot: 3 })).toMatchObject({ verdict: "adopted" });
    expect(traffic.slot(3)).toMatchObject({ wasRetired: false, lastSeq: 1 });
  });

  test("or go on where it was, but nowhere else", () => {
    const traffic = created();
    traffic.exchange(1, 5, { slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    expect(traffic.call({ seq: 8, slot: 3 }).verdict).toBe("ahead");
    expect(traffic.call({ seq: 6, slot: 3 }).verdict).toBe("new");
    expect(traffic.slot(3).wasRetired).toBe(true);
  });

  test("a slot that stood at 1 starts at 1 again", () => {
    const traffic = created();
    traffic.exchange(1, 1, { slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    expect(traffic.call({ seq: 1, slot: 3, fingerprint: 99 })).toMatchObject({ verdict: "adopted", original: null });
  });

  test("the first limit that is seen may be a lowered one", () => {
    const traffic = created();
    const under = traffic.call({ seq: 1, slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    expect(traffic.slot(3).wasRetired).toBe(true);
    traffic.ok(under, { highest: 1 });
    expect(traffic.call({ seq: 1, slot: 3, fingerprint: 99 }).verdict).toBe("adopted");
  });

  test("its last request may still be retried", () => {
    const traffic = created();
    traffic.exchange(1, 5, { slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    expect(traffic.call({ seq: 5, slot: 3 }).verdict).toBe("retry");
    expect(traffic.slot(3).wasRetired).toBe(true);
  });

  test("BADSLOT retires too", () => {
    const traffic = created();
    traffic.exchange(1, 5, { slot: 3 });
    traffic.fail(traffic.call({ seq: 6, slot: 3 }), BADSLOT);
    expect(traffic.slot(3)).toMatchObject({ wasRetired: true, lastSeq: 5 });
  });
});

describe("counts", () => {
  test("calls, replies, latency, the last refusal", () => {
    const traffic = created();
    traffic.exchange(1, 3);
    const refused = traffic.call({ seq: 4 });
    traffic.fail(refused, DELAY);
    expect(traffic.slot()).toMatchObject({ calls: 4, replies: 4, refused, firstSeq: 1 });
    traffic.exchange(4);
    expect(traffic.slot().refused).toBeNull();
    expect(traffic.slot().latencyMicros).toMatchObject({ count: 4, max: 1 });
  });
});

describe("an unanswered call is over", () => {
  test("once its slot served three newer requests, the last of them in order", () => {
    const traffic = created();
    const lost = traffic.call({ seq: 1 });
    const over = [lost.isSlotFarBeyond];
    for (let seq = 2; seq <= 4; seq++) {
      traffic.exchange(seq);
      over.push(lost.isSlotFarBeyond);
    }
    expect(over).toEqual([false, false, false, true]);
  });

  test("not while those are unanswered themselves, nor because of another slot", () => {
    const traffic = created();
    const lost = traffic.call({ seq: 1 });
    for (let seq = 2; seq <= 6; seq++) traffic.call({ seq });
    traffic.exchange(1, 6, { slot: 1 });
    expect(lost.isSlotFarBeyond).toBe(false);
  });

  test("without a slot never", () => {
    const traffic = created();
    const call = traffic.newCall();
    traffic.exchange(1, 6);
    expect(call.isSlotFarBeyond).toBe(false);
  });
});
