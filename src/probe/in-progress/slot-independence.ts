import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { races, SLOW_WISHES } from "./races.ts";

export const slotIndependence: Probe = {
  id: "slot-independence",
  title: "A slow request does not hold up those of other slots",
  requires: "A request on slot 1 of the same connection is answered before the slow one on slot 0.",
  permits: "To answer it afterwards: requests may be executed in any order.",
  rfc: "RFC 8881 §2.10.6.1",
  writes: true,
  async run(bench) {
    const { session } = await bench.clientWithSession(SLOW_WISHES);
    if (session.granted.maxRequests === 1) bench.skip("there is only one slot");
    const holder = await witness(bench);
    for await (const race of races(bench, { session, holder }, (seq) => session.sequence(seq, 1))) {
      const { second, isHeld, isOvertaken } = race;
      if (!isHeld && !isOvertaken) continue;
      if (bench.expect(second, allOk) !== "pass") return;
      const order = (isFirst: boolean) => `slot 1 is answered ${isFirst ? "before" : "after"} slot 0`;
      bench.judge(isOvertaken ? "pass" : "pass-alternative", order(true), order(isOvertaken));
      return;
    }
    bench.inconclusive(
      "slot 0 was always answered first: its requests were not slow enough, or those of slot 1 waited",
    );
  },
};
