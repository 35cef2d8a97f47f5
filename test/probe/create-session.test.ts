import { describe, expect, test } from "vitest";
import * as nfs4 from "../../src/nfs4/constants.ts";
import { probes } from "../../src/probe/index.ts";
import { testProbeFamily } from "../support/probe-family.ts";
import { probeWorld } from "../support/probe-fixture.ts";

testProbeFamily("create-session", {
  notices: [
    ["cs-contrived", nfs4.NFS4ERR_SEQ_MISORDERED],
    ["cs-replay-error", nfs4.NFS4ERR_CLID_INUSE],
    ["cs-seq-high", nfs4.NFS4ERR_SEQ_MISORDERED],
    ["cs-stale", nfs4.NFS4ERR_STALE_CLIENTID],
    ["cs-flags", nfs4.NFS4ERR_INVAL],
    ["cs-attrs", nfs4.NFS4ERR_TOOSMALL],
    ["cs-rdma-ird", nfs4.NFS4ERR_BADXDR],
    ["cs-not-only", nfs4.NFS4ERR_NOT_ONLY_OP],
  ],
});

describe("a server that makes another session each time it is asked", () => {
  test.each(["cs-contrived", "cs-replay", "cs-seq-high", "cs-concurrent"])("deviates in %s", async (id) => {
    const { run } = probeWorld();
    expect((await run(probes.find((probe) => probe.id === id)!)).verdict).toBe("deviates");
  });
});
