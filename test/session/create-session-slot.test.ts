import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_NOSPC,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_TOOSMALL,
} from "../../src/nfs4/constants.ts";
import { CreateSessionCandidates, CreateSessionSlot } from "../../src/session/create-session-slot.ts";

/** RFC 8881 §18.36.4 once more, as a list of what was consumed. */
class NaiveSlot {
  readonly consumed: { seq: number; status: number | null }[];

  constructor(eirSequenceId: number) {
    const before = eirSequenceId === 0 ? 0xffff_ffff : eirSequenceId - 1;
    this.consumed = [{ seq: before, status: NFS4ERR_SEQ_MISORDERED }];
  }

  get newest() {
    return this.consumed.at(-1)!;
  }

  status(seq: number): number {
    if (seq === this.newest.seq) return this.newest.status ?? NFS4ERR_DELAY;
    const next = this.newest.seq === 0xffff_ffff ? 0 : this.newest.seq + 1;
    if (seq !== next) return NFS4ERR_SEQ_MISORDERED;
    if (this.newest.status === null) return NFS4ERR_DELAY;
    this.consumed.push({ seq, status: null });
    return NFS4_OK;
  }

  finish(status: number): void {
    if (this.newest.status !== null) return;
    if (status === NFS4ERR_DELAY) this.consumed.pop();
    else this.newest.status = status;
  }
}

type Letter = { sends: number } | { ends: number };

const LETTERS: Letter[] = [
  { sends: -1 },
  { sends: 0 },
  { sends: 1 },
  { sends: 2 },
  { ends: NFS4_OK },
  { ends: NFS4ERR_NOSPC },
  { ends: NFS4ERR_DELAY },
];

function firstDifference(eirSequenceId: number, script: Letter[]): string | null {
  const slot = new CreateSessionSlot<string>(eirSequenceId);
  const naive = new NaiveSlot(eirSequenceId);
  let isRunning = false;
  for (const letter of script) {
    if ("ends" in letter) {
      if (isRunning) slot.finish(letter.ends, `result of ${slot.lastSeq}`);
      naive.finish(letter.ends);
      isRunning = false;
    } else {
      const seq = (naive.newest.seq + letter.sends) >>> 0;
      const answer = slot.validate(seq);
      // A replay of success reports OK as well; only a new request is executed.
      const isNew = answer.verdict === "new";
      const before = naive.consumed.length;
      if (answer.status !== naive.status(seq)) return `status ${answer.status}`;
      if (isNew !== naive.consumed.length > before) return `verdict ${answer.verdict}`;
      if (answer.cached !== null && answer.cached !== `result of ${seq}`) return `cached ${answer.cached}`;
      if (isNew) slot.begin(seq);
      isRunning ||= isNew;
    }
    if (slot.lastSeq !== naive.newest.seq) return `last ${slot.lastSeq}`;
  }
  return null;
}

describe("CreateSessionSlot", () => {
  it.each([1, 0, 0xffff_ffff, 77])("every script of 6 steps agrees with the naive slot, eir_sequenceid %d", (first) => {
    const total = LETTERS.length ** 6;
    for (let number = 0; number < total; number++) {
      const script: Letter[] = [];
      for (let i = 0, rest = number; i < 6; i++, rest = Math.floor(rest / LETTERS.length)) {
        script.push(LETTERS[rest % LETTERS.length]!);
      }
      const difference = firstDifference(first, script);
      if (difference !== null) throw new Error(`${difference} after ${JSON.stringify(script)}`);
    }
    expect(new CreateSessionSlot(first).nextSeq).toBe(first);
  });

  it("answers the sequence id before the first with the contrived result", () => {
    const slot = new CreateSessionSlot<string>(5);
    expect(slot.validate(4)).toEqual({ verdict: "replay", status: NFS4ERR_SEQ_MISORDERED, cached: null });
  });

  it("caches an error, and the id is consumed", () => {
    const slot = new CreateSessionSlot<string>(5);
    slot.begin(5);
    slot.finish(NFS4ERR_TOOSMALL, "too small");
    expect(slot.validate(5)).toEqual({ verdict: "replay", status: NFS4ERR_TOOSMALL, cached: "too small" });
    expect(slot.validate(6).verdict).toBe("new");
  });

  it("judges the unchanged request afresh after DELAY, and still repeats the one before", () => {
    const slot = new CreateSessionSlot<string>(5);
    slot.begin(5);
    slot.finish(NFS4_OK, "session a");
    slot.begin(6);
    slot.finish(NFS4ERR_DELAY, "later");
    expect(slot.validate(6)).toEqual({ verdict: "new", status: NFS4_OK, cached: null });
    expect(slot.validate(5)).toEqual({ verdict: "replay", status: NFS4_OK, cached: "session a" });
  });

  it("delays what comes while one is being executed", () => {
    const slot = new CreateSessionSlot<string>(5);
    slot.begin(5);
    expect(slot.validate(5)).toMatchObject({ verdict: "replay-in-flight", status: NFS4ERR_DELAY });
    expect(slot.validate(6)).toMatchObject({ verdict: "early", status: NFS4ERR_DELAY });
    expect(slot.validate(7)).toMatchObject({ verdict: "misordered", status: NFS4ERR_SEQ_MISORDERED });
  });
});

describe("CreateSessionCandidates", () => {
  it("knows nothing before an EXCHANGE_ID or a success", () => {
    const candidates = new CreateSessionCandidates(null);
    expect(candidates.accepts(9)).toBe("unknown");
    candidates.after(9, NFS4ERR_TOOSMALL);
    expect(candidates.accepts(9)).toBe("unknown");
    candidates.after(9, NFS4_OK);
    expect([8, 9, 10, 11].map((seq) => candidates.accepts(seq))).toEqual([
      "misordered",
      "replay",
      "next",
      "misordered",
    ]);
  });

  it("starts one below eir_sequenceid, around the wrap too", () => {
    expect(new CreateSessionCandidates(1).accepts(1)).toBe("next");
    expect(new CreateSessionCandidates(0).lastSeqs).toEqual([0xffff_ffff]);
    expect(new CreateSessionCandidates(0).accepts(0)).toBe("next");
  });

  it.each([NFS4ERR_TOOSMALL, NFS4ERR_DELAY, null])("keeps both values after %s, until success decides", (status) => {
    const candidates = new CreateSessionCandidates(5);
    candidates.after(5, status);
    expect(candidates.expected).toEqual([5, 6]);
    expect([4, 5, 6, 7].map((seq) => candidates.accepts(seq))).toEqual([
      "replay",
      "next-or-replay",
      "next",
      "misordered",
    ]);
    candidates.after(6, NFS4_OK);
    expect(candidates.lastSeqs).toEqual([6]);
  });

  it("lets SEQ_MISORDERED rule out the value for which the id was right", () => {
    const candidates = new CreateSessionCandidates(5);
    candidates.after(5, NFS4ERR_TOOSMALL);
    candidates.after(6, NFS4ERR_SEQ_MISORDERED);
    expect(candidates.lastSeqs).toEqual([4]);
  });

  it("does not move on STALE_CLIENTID nor on a misordered id", () => {
    const candidates = new CreateSessionCandidates(5);
    candidates.after(5, NFS4ERR_STALE_CLIENTID);
    candidates.after(9, NFS4ERR_SEQ_MISORDERED);
    expect(candidates.lastSeqs).toEqual([4]);
    // Contradicts the only candidate: something was missed, not known what.
    candidates.after(5, NFS4ERR_SEQ_MISORDERED);
    expect(candidates.lastSeqs).toEqual([4]);
  });

  it("accepts both habits through many failures, and stays small", () => {
    const candidates = new CreateSessionCandidates(5);
    for (let seq = 5; seq < 500; seq++) {
      expect(candidates.accepts(seq)).not.toBe("misordered");
      expect(candidates.accepts(5)).not.toBe("misordered");
      candidates.after(seq, NFS4ERR_TOOSMALL);
      expect(candidates.lastSeqs.length).toBeLessThanOrEqual(4);
    }
  });

  it("holds the value of a definite slot, whatever happens to it", () => {
    const slot = new CreateSessionSlot<string>(1);
    const candidates = new CreateSessionCandidates(1);
    for (let i = 0; i < 200; i++) {
      const seq = (slot.lastSeq + (i % 7 === 0 ? 2 : i % 3 === 0 ? 0 : 1)) >>> 0;
      const answer = slot.validate(seq);
      let { status } = answer;
      if (answer.verdict === "new") {
        status = [NFS4_OK, NFS4ERR_NOSPC, NFS4ERR_DELAY][i % 3]!;
        slot.begin(seq);
        slot.finish(status, "");
      }
      candidates.after(seq, i % 11 === 0 && answer.verdict !== "misordered" ? null : status);
      expect(candidates.lastSeqs, `step ${i}`).toContain(slot.lastSeq);
    }
  });
});
