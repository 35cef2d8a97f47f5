import type { Probe } from "../probe.ts";
import { expectBadSlot } from "./expect-bad-slot.ts";

export const slotHuge: Probe = {
  id: "slot-huge",
  title: "Slots that are negative as signed numbers are refused",
  requires: "BADSLOT on slots 4294967295 and 2147483648.",
  permits: "BAD_HIGH_SLOT, as sa_highest_slotid is as high.",
  rfc: "RFC 8881 §15.1.11.2",
  async run(bench) {
    const session = await bench.session();
    for (const slot of [0xffff_ffff, 0x8000_0000]) {
      if (slot < session.granted.maxRequests) bench.skip(`${session.granted.maxRequests} slots are granted`);
      await expectBadSlot(bench, session, slot);
    }
    await bench.expectNext(session, 0, 1);
  },
};
