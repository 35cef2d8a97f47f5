import { NFS4ERR_COMPLETE_ALREADY, NFS4ERR_GRACE, NFS4ERR_NO_GRACE } from "../../nfs4/constants.ts";
import { GETFH4res } from "../../nfs4/ops/filehandle.ts";
import { OPEN4res } from "../../nfs4/ops/open.ts";
import { allOk, operationStatus } from "../answers.ts";
import { getFh, lock, openCreate, openPrevious, putFh, reclaimComplete } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const reclaimCompleteProbe: Probe = {
  id: "reclaim-complete",
  title: "RECLAIM_COMPLETE stands between reclaims and new locks",
  requires: "GRACE for an OPEN before it, COMPLETE_ALREADY for a second one, NO_GRACE for reclaims after it.",
  rfc: "RFC 8881 §18.51.3, §18.51.4",
  pynfs: ["RECC1", "RECC2", "RECC3", "RECC4"],
  writes: true,
  async run(bench) {
    const { fileHandle: directory } = await bench.scratch();
    const session = await bench.session();
    const creating = [putFh(directory), openCreate("file"), getFh()];
    bench.expect(await session.sequence(1, 0, {}, ...creating), operationStatus(2, NFS4ERR_GRACE));
    bench.expect(await session.sequence(2, 0, {}, reclaimComplete()), allOk);
    bench.expect(await session.sequence(3, 0, {}, reclaimComplete()), operationStatus(1, NFS4ERR_COMPLETE_ALREADY));
    const opened = await session.sequence(4, 0, {}, ...creating);
    if (opened.statusAt(2) === NFS4ERR_GRACE) bench.inconclusive("the server itself is in its grace period");
    bench.expect(opened, allOk);
    const stateid = opened.result(OPEN4res)?.resok4?.stateid;
    const file = opened.result(GETFH4res)?.resok4?.object;
    if (stateid === undefined || file === undefined) return;
    const reclaimed = await session.sequence(5, 0, {}, putFh(file), openPrevious({ owner: "before" }), getFh());
    bench.expect(reclaimed, operationStatus(2, NFS4ERR_NO_GRACE));
    const relocked = await session.sequence(6, 0, {}, putFh(file), lock(stateid, { reclaim: true }));
    bench.expect(relocked, operationStatus(2, NFS4ERR_NO_GRACE));
    await bench.expectNext(session, 0, 7);
  },
};
