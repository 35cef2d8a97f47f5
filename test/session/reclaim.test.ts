import { describe, expect, it } from "vitest";
import { NFS4_OK, NFS4ERR_COMPLETE_ALREADY, NFS4ERR_GRACE, NFS4ERR_NO_GRACE } from "../../src/nfs4/constants.ts";
import { ReclaimState } from "../../src/session/reclaim.ts";

describe("ReclaimState", () => {
  it("locks wait for the global RECLAIM_COMPLETE, reclaims end with it", () => {
    const state = new ReclaimState();
    expect([state.lockStatus("a"), state.reclaimStatus("a")]).toEqual([NFS4ERR_GRACE, NFS4_OK]);
    expect(state.complete(null)).toBe(NFS4_OK);
    expect([state.isDone, state.lockStatus("a"), state.reclaimStatus("a")]).toEqual([true, NFS4_OK, NFS4ERR_NO_GRACE]);
    expect(state.complete(null)).toBe(NFS4ERR_COMPLETE_ALREADY);
  });

  it("ignores rca_one_fs on a file system that is not migrating (§18.51.3)", () => {
    const state = new ReclaimState();
    expect([state.complete("a"), state.complete("a"), state.isDone]).toEqual([NFS4_OK, NFS4_OK, false]);
    expect(state.lockStatus("a")).toBe(NFS4ERR_GRACE);
  });

  it("a file system that arrives has reclaims of its own", () => {
    const state = new ReclaimState();
    state.complete(null);
    state.fileSystemArrived("a");
    expect([state.lockStatus("a"), state.lockStatus("b")]).toEqual([NFS4ERR_GRACE, NFS4_OK]);
    expect([state.reclaimStatus("a"), state.reclaimStatus("b")]).toEqual([NFS4_OK, NFS4ERR_NO_GRACE]);
    expect([state.complete("a"), state.complete("a")]).toEqual([NFS4_OK, NFS4ERR_COMPLETE_ALREADY]);
    expect(state.lockStatus("a")).toBe(NFS4_OK);
    state.fileSystemArrived("a");
    expect(state.complete("a")).toBe(NFS4_OK);
  });

  it("starts over with a restarted server", () => {
    const state = new ReclaimState();
    state.complete(null);
    state.restart();
    expect([state.isDone, state.complete(null)]).toEqual([false, NFS4_OK]);
  });

  it("follows a bounded number of migrations", () => {
    const state = new ReclaimState();
    for (let i = 0; i < 4100; i++) state.fileSystemArrived(`fs ${i}`);
    expect(state.dropped).toBe(4);
  });
});
