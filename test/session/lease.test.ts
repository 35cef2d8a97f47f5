import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_SEQ_MISORDERED,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
} from "../../src/nfs4/constants.ts";
import { Lease, renewsLease } from "../../src/session/lease.ts";

describe("Lease", () => {
  it("runs out after lease_time without a SEQUENCE", () => {
    const lease = new Lease(90, 10);
    expect([lease.isExpired(100), lease.isExpired(101), lease.expiresAt]).toEqual([false, true, 100]);
  });

  it.each([
    [NFS4_OK, 0, true],
    [NFS4_OK, SEQ4_STATUS_CB_PATH_DOWN, true],
    [NFS4_OK, SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED, false],
    [NFS4ERR_SEQ_MISORDERED, 0, false],
  ])("status %d with flags %d renews it: %s", (status, flags, isRenewed) => {
    const lease = new Lease(90, 0);
    expect([lease.sequence(50, status, flags), renewsLease(status, flags)]).toEqual([isRenewed, isRenewed]);
    expect(lease.expiresAt).toBe(isRenewed ? 140 : 90);
  });

  it("does not run out under a compound, and starts anew with its reply", () => {
    const lease = new Lease(90, 0);
    lease.hold();
    lease.hold();
    lease.release(20);
    expect(lease.isExpired(1000)).toBe(false);
    lease.release(1000);
    expect([lease.isExpired(1090), lease.isExpired(1091)]).toEqual([false, true]);
    lease.release(1000);
    expect(lease.isExpired(1091)).toBe(true);
  });

  it("never goes back", () => {
    const lease = new Lease(90, 0);
    lease.renew(100);
    lease.renew(50);
    expect(lease.expiresAt).toBe(190);
  });
});
