import { allOk, answer } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { expectBadSlot } from "./expect-bad-slot.ts";

const SLOT_MAX = 0xffff_ffff;

export const slotMax: Probe = {
  id: "slot-max",
  title: "The first slot beyond the table is refused",
  requires: "BADSLOT on a slot beyond both ca_maxrequests and sr_highest_slotid.",
  permits: "BAD_HIGH_SLOT, as sa_highest_slotid is as high; OK, where the table grew and sr_highest_slotid says so.",
  rfc: "RFC 8881 §18.36.3, §18.46.3, §15.1.11.2",
  pynfs: ["SEQ8"],
  async run(bench) {
    const session = await bench.session();
    const first = await session.sequence(1, 0);
    bench.need(first, allOk, "a first request");
    const slot = Math.max(session.granted.maxRequests, first.sequence!.sr_highest_slotid + 1);
    if (slot > SLOT_MAX) bench.skip("all slots that there can be are granted");
    const grew = answer(`OK and sr_highest_slotid at least ${slot}`, ({ sequence }) => {
      return sequence !== null && sequence.sr_highest_slotid >= slot;
    });
    await expectBadSlot(bench, session, slot, grew);
    await bench.expectNext(session, 0, 2);
  },
};
