import { NFS4ERR_BAD_HIGH_SLOT } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sequenceOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

const FAR = 10_000;

export const highestBeyond: Probe = {
  id: "highest-beyond",
  title: "sa_highest_slotid is far beyond the table",
  requires: "An answer, with OK or BAD_HIGH_SLOT (MAY); the report notes which limits it names.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3, §15.1.11.3",
  async run(bench) {
    const session = await bench.session();
    const exchange = await session.sequence(1, 0, { highest: session.granted.maxRequests + FAR });
    bench.expect(exchange, allOk, firstStatus(NFS4ERR_BAD_HIGH_SLOT));
    const { sequence } = exchange;
    if (sequence !== null) {
      const { sr_highest_slotid, sr_target_highest_slotid } = sequence;
      const limits = `sr_highest_slotid ${sr_highest_slotid}, sr_target_highest_slotid ${sr_target_highest_slotid}`;
      bench.note(`${limits}, of ${session.granted.maxRequests} slots granted`);
    }
    await bench.expectNext(session, 0, sequenceOk.fits(exchange) ? 2 : 1);
  },
};
