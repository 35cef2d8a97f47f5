import { expect, it } from "vitest";
import * as c from "../../src/nfs4/constants.ts";
import { sequenceRemedy } from "../../src/session/sequence-remedy.ts";

it.each([
  // status, after the first transmission, after a retry
  [c.NFS4ERR_DELAY, "resend", "resend"],
  [c.NFS4ERR_BAD_HIGH_SLOT, "resend", "resend"],
  [c.NFS4ERR_CONN_NOT_BOUND_TO_SESSION, "bind", "bind"],
  [c.NFS4ERR_BADSESSION, "new-session", "new-session"],
  [c.NFS4ERR_DEADSESSION, "new-session", "new-session"],
  [c.NFS4ERR_SEQ_MISORDERED, "lost", "resend"],
  [c.NFS4ERR_SEQ_FALSE_RETRY, "lost", "lost"],
  [c.NFS4ERR_BADSLOT, "other-slot", "unsure"],
  [c.NFS4ERR_REQ_TOO_BIG, "drop", "lost"],
  [c.NFS4ERR_REP_TOO_BIG, "drop", "lost"],
  [c.NFS4ERR_REP_TOO_BIG_TO_CACHE, "drop", "lost"],
  [c.NFS4ERR_TOO_MANY_OPS, "drop", "lost"],
  [c.NFS4ERR_BADXDR, "drop", "lost"],
])("status %d: %s, after a retry %s", (status, first, later) => {
  expect([sequenceRemedy(status, true), sequenceRemedy(status, false)]).toEqual([first, later]);
});
