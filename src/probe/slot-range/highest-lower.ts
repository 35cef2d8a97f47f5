import { NFS4ERR_BADSLOT, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

const SLOTS_USED = 8;
const QUIET_REQUESTS = 20;

export const highestLower: Probe = {
  id: "highest-lower",
  title: "A client that needs one slot only, and then the highest again",
  requires: "The highest slot is OK while sr_highest_slotid reaches it, and BADSLOT otherwise.",
  permits:
    "OK above sr_highest_slotid, as the server SHOULD retain slots. One that was taken away and granted again may begin anew at 1.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  async run(bench) {
    const session = await bench.session();
    const top = Math.min(SLOTS_USED, session.granted.maxRequests) - 1;
    if (top === 0) bench.skip("one slot is granted: there is no higher one");
    for (let slot = 0; slot <= top; slot++) {
      if (bench.expect(await session.sequence(1, slot, { highest: top }), allOk) !== "pass") return;
    }
    const limits: number[] = [];
    for (let seq = 2; seq < 2 + QUIET_REQUESTS; seq++) {
      const quiet = await session.sequence(seq, 0, { highest: 0 });
      if (bench.expect(quiet, allOk) !== "pass") return;
      limits.push(quiet.sequence!.sr_highest_slotid);
    }
    bench.note(`sr_highest_slotid went ${limits.join(", ")}`);
    const last = await session.sequence(2, top);
    if (limits.at(-1)! < top) bench.expect(last, firstStatus(NFS4ERR_BADSLOT), allOk);
    else if (Math.min(...limits) >= top) bench.expect(last, allOk);
    else if (bench.expect(last, allOk, firstStatus(NFS4ERR_SEQ_MISORDERED)) !== "pass") {
      await bench.expectNext(session, top, 1);
    }
    await bench.expectNext(session, 0, 2 + QUIET_REQUESTS);
  },
};
