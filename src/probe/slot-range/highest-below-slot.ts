import { NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { allOk, anyErrorFrom, sequenceOk, wholeStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

const SLOT = 3;

export const highestBelowSlot: Probe = {
  id: "highest-below-slot",
  title: "sa_highest_slotid is below the slot of the request",
  requires: "An answer: the RFC names no error for a requester that contradicts itself. Servers do not look at it.",
  permits: "An error, which leaves the slot where it is.",
  rfc: "RFC 8881 §18.46.3, §2.10.6.1",
  async run(bench) {
    const session = await bench.session();
    const slot = Math.min(SLOT, session.granted.maxRequests - 1);
    if (slot === 0) bench.skip("one slot is granted: none is higher than another");
    const exchange = await session.sequence(1, slot, { highest: 0 });
    bench.expect(exchange, allOk, anyErrorFrom(0), wholeStatus(NFS4ERR_INVAL));
    await bench.expectNext(session, slot, sequenceOk.fits(exchange) ? 2 : 1);
  },
};
