import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADSLOT,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DELAY,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../../src/nfs4/constants.ts";
import { RequestSlots } from "../../src/session/request-slots.ts";
import type { Weather } from "./lossy-channel.ts";
import { LossyChannel } from "./lossy-channel.ts";

const CONNECTION = 1;
const limits = (highest: number, target = highest) => ({ highest, target });

function use(slots: RequestSlots, replied = limits(3)): number {
  const ticket = slots.take(CONNECTION)!;
  expect(slots.replied(ticket.slotId, ticket.seq, NFS4_OK, replied)).toBe("done");
  return ticket.seq;
}

describe("RequestSlots", () => {
  it("takes the lowest free slot, starts at 1 and names the highest outstanding one", () => {
    const slots = new RequestSlots(3);
    expect(slots.take(CONNECTION)).toEqual({ slotId: 0, seq: 1, highest: 0 });
    expect(slots.take(CONNECTION)).toEqual({ slotId: 1, seq: 1, highest: 1 });
    expect(slots.take(CONNECTION)).toEqual({ slotId: 2, seq: 1, highest: 2 });
    expect(slots.take(CONNECTION)).toBeNull();
    slots.replied(0, 1, NFS4_OK, limits(2));
    expect(slots.take(CONNECTION)).toEqual({ slotId: 0, seq: 2, highest: 2 });
    expect(slots.outstanding).toBe(3);
  });

  it("keeps slot and sequence id after DELAY on SEQUENCE", () => {
    const slots = new RequestSlots(2);
    slots.take(CONNECTION);
    expect(slots.replied(0, 1, NFS4ERR_DELAY, null)).toBe("resend");
    expect(slots.take(CONNECTION)).toMatchObject({ slotId: 1 });
    expect(slots.resend(0, CONNECTION)).toEqual({ slotId: 0, seq: 1, highest: 1 });
    expect(slots.replied(0, 1, NFS4_OK, limits(1))).toBe("done");
  });

  it("gives the sequence id to the next request when SEQUENCE refused the first transmission", () => {
    const slots = new RequestSlots(1);
    slots.take(CONNECTION);
    expect(slots.replied(0, 1, NFS4ERR_REQ_TOO_BIG, null)).toBe("drop");
    expect(slots.take(CONNECTION)).toEqual({ slotId: 0, seq: 1, highest: 0 });
  });

  it("gives a slot up when a retry is refused: the original may have been executed", () => {
    const slots = new RequestSlots(2);
    slots.take(CONNECTION);
    expect(slots.connectionLost(CONNECTION)).toEqual([0]);
    slots.resend(0, 2);
    expect(slots.replied(0, 1, NFS4ERR_REQ_TOO_BIG, null)).toBe("lost");
    expect(slots.lostSlots).toEqual([0]);
    expect(slots.take(2)).toMatchObject({ slotId: 1, highest: 1 });
  });

  it("holds a slot whose connection was lost until its request was sent again and answered", () => {
    const slots = new RequestSlots(2);
    slots.take(CONNECTION);
    slots.take(2);
    expect(slots.connectionLost(CONNECTION)).toEqual([0]);
    expect(slots.interruptedSlots).toEqual([0]);
    expect(slots.take(2)).toBeNull();
    expect(slots.replied(0, 1, NFS4_OK, limits(1))).toBe("ignore");
    expect(slots.resend(0, 2)).toEqual({ slotId: 0, seq: 1, highest: 1 });
    expect(() => slots.resend(0, 2)).toThrow(RangeError);
    // While the original still runs a server MAY say SEQ_MISORDERED. RFC 8881 §2.10.6.2
    expect(slots.replied(0, 1, NFS4ERR_SEQ_MISORDERED, null)).toBe("resend");
    slots.resend(0, 2);
    expect(slots.replied(0, 1, NFS4ERR_RETRY_UNCACHED_REP, null)).toBe("done");
    expect(slots.take(2)).toEqual({ slotId: 0, seq: 2, highest: 1 });
  });

  it("lets a reply that may be an old copy lower its limits, but not raise them", () => {
    const slots = new RequestSlots(4);
    slots.take(CONNECTION);
    slots.connectionLost(CONNECTION);
    slots.resend(0, 2);
    slots.replied(0, 1, NFS4_OK, limits(7));
    expect(slots.limit).toBe(3);
    slots.take(CONNECTION);
    slots.connectionLost(CONNECTION);
    slots.resend(0, 2);
    slots.replied(0, 2, NFS4_OK, limits(1));
    expect(slots.limit).toBe(1);
    use(slots, limits(7));
    expect(slots.limit).toBe(7);
  });

  it("does not raise its limit by a reply that was overtaken", () => {
    const slots = new RequestSlots(4);
    slots.take(CONNECTION);
    slots.take(CONNECTION);
    slots.replied(1, 1, NFS4_OK, limits(1));
    slots.replied(0, 1, NFS4_OK, limits(3));
    expect(slots.limit).toBe(1);
    use(slots, limits(3));
    expect(slots.limit).toBe(3);
  });

  it("converges to the target and grows beyond what was negotiated", () => {
    const slots = new RequestSlots(2);
    use(slots, limits(7, 5));
    expect(slots.limit).toBe(5);
    use(slots, limits(7, 0));
    expect(slots.limit).toBe(0);
    use(slots, limits(0xffff_ffff));
    expect(slots.limit).toBe(2047);
  });

  it("obeys CB_RECALL_SLOT: waits, reports once, and forgets it when the target rises", () => {
    const slots = new RequestSlots(4);
    for (let i = 0; i < 3; i++) slots.take(CONNECTION);
    slots.recall(0);
    expect(slots.owesRecallNotice).toBe(false);
    slots.replied(1, 1, NFS4_OK, limits(3));
    slots.replied(0, 1, NFS4_OK, limits(3));
    expect(slots.owesRecallNotice).toBe(false);
    slots.replied(2, 1, NFS4_OK, limits(3));
    expect(slots.owesRecallNotice).toBe(true);
    expect(slots.take(CONNECTION)).toEqual({ slotId: 0, seq: 2, highest: 0 });
    expect(slots.owesRecallNotice).toBe(false);
    slots.replied(0, 2, NFS4_OK, limits(3, 0));
    expect([slots.recallTarget, slots.limit]).toEqual([0, 0]);
    use(slots, limits(3, 2));
    expect([slots.recallTarget, slots.limit]).toEqual([null, 2]);
  });

  it("goes on with a slot that was taken away, and starts over at 1 if the replier forgot it", () => {
    const slots = new RequestSlots(2);
    slots.take(CONNECTION);
    slots.take(CONNECTION);
    slots.replied(1, 1, NFS4_OK, limits(1));
    slots.replied(0, 1, NFS4_OK, limits(1));
    use(slots, limits(0));
    use(slots, limits(1));
    slots.take(CONNECTION);
    expect(slots.take(CONNECTION)).toEqual({ slotId: 1, seq: 2, highest: 1 });
    expect(slots.replied(1, 2, NFS4ERR_SEQ_MISORDERED, null)).toBe("resend");
    expect(slots.resend(1, CONNECTION)).toEqual({ slotId: 1, seq: 1, highest: 1 });
    expect(slots.replied(1, 1, NFS4_OK, limits(1))).toBe("done");
  });

  it("moves to lower slots after BADSLOT, but has no lower one than 0", () => {
    const slots = new RequestSlots(2);
    slots.take(CONNECTION);
    slots.take(CONNECTION);
    expect(slots.replied(1, 1, NFS4ERR_BADSLOT, null)).toBe("other-slot");
    expect(slots.limit).toBe(0);
    expect(slots.replied(0, 1, NFS4ERR_BADSLOT, null)).toBe("lost");
  });

  it("knows when slot or session are beyond help", () => {
    const slots = new RequestSlots(4);
    for (let i = 0; i < 4; i++) slots.take(CONNECTION);
    expect(slots.replied(0, 1, NFS4ERR_SEQ_MISORDERED, null)).toBe("lost");
    expect(slots.replied(1, 1, NFS4ERR_SEQ_FALSE_RETRY, null)).toBe("lost");
    expect(slots.replied(2, 1, NFS4ERR_BADSESSION, null)).toBe("new-session");
    expect(slots.replied(3, 1, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, null)).toBe("bind");
    expect(slots.stateOf(3)).toBe("refused");
    expect(slots.replied(9, 1, NFS4_OK, null)).toBe("ignore");
  });

  it.each([NFS4_OK, NFS4ERR_SEQ_FALSE_RETRY])("a probe answered %d settles a reply without results", (status) => {
    const slots = new RequestSlots(1);
    slots.take(CONNECTION);
    expect(slots.repliedWithoutSequence(0, 1)).toBe("probe");
    expect(slots.probe(0, CONNECTION)).toEqual({ slotId: 0, seq: 1, highest: 0 });
    expect(slots.replied(0, 1, NFS4ERR_DELAY, null)).toBe("probe");
    slots.probe(0, CONNECTION);
    expect(slots.replied(0, 1, status, null)).toBe("done");
    expect(slots.take(CONNECTION)).toMatchObject({ seq: 2 });
  });

  it("a probe that is misordered loses the slot", () => {
    const slots = new RequestSlots(1);
    slots.take(CONNECTION);
    slots.repliedWithoutSequence(0, 1);
    slots.probe(0, CONNECTION);
    expect(slots.replied(0, 1, NFS4ERR_SEQ_MISORDERED, null)).toBe("lost");
  });
});

describe("requester and replier over connections that break", () => {
  const WEATHERS: Record<string, Weather> = {
    fine: { cuts: false, stale: false, resizes: false, requests: 60 },
    cuts: { cuts: true, stale: false, resizes: false, requests: 60 },
    "cuts, and late copies of what was on its way": { cuts: true, stale: true, resizes: false, requests: 60 },
    "a table that grows and shrinks": { cuts: false, stale: false, resizes: true, requests: 60 },
    "cuts and a table that grows and shrinks": { cuts: true, stale: false, resizes: true, requests: 60 },
  };

  it.each(Object.keys(WEATHERS))("%s: nothing is executed twice, nobody is accused", (name) => {
    let retries = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const channel = new LossyChannel(seed, WEATHERS[name]!);
      const isComplete = channel.run();
      const twice = [...channel.executions].filter(([, count]) => count !== 1);
      const given = [...channel.remedies.keys()].filter((remedy) => remedy === "lost" || remedy === "new-session");
      const outcome = { isComplete, twice, given, accusations: channel.accusations };
      expect(outcome, `seed ${seed}`).toEqual({ isComplete: true, twice: [], given: [], accusations: [] });
      retries += channel.retriesSeen;
    }
    expect(retries > 0).toBe(WEATHERS[name]!.cuts);
  });
});
