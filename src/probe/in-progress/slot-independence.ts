import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { races, type Second, SLOW_WISHES } from "./races.ts";

/** For the slow request and two others. */
const SLOTS = 3;

export const slotIndependence: Probe = {
  id: "slot-independence",
  title: "A slow request does not hold up those of other slots",
  requires: "Requests on other slots of the same connection are answered before the slow one on slot 0.",
  permits: "To answer them afterwards: requests may be executed in any order.",
  rfc: "RFC 8881 §2.10.6.1",
  writes: true,
  async run(bench) {
    const { session } = await bench.clientWithSession(SLOW_WISHES);
    if (session.granted.maxRequests < SLOTS) bench.skip(`there are only ${session.granted.maxRequests} slots`);
    const holder = await witness(bench);
    const onSlot2: Second = (seq) => session.sequence(seq, 2);
    for await (const { second, marker, isHeld, isOvertaken } of races(bench, { session, holder }, onSlot2)) {
      if (!isHeld && !isOvertaken) continue;
      for (const exchange of [second, marker]) if (exchange !== null) bench.expect(exchange, allOk);
      const order = (isFirst: boolean) => `slot 1 is answered ${isFirst ? "before" : "after"} slot 0`;
      bench.judge(isOvertaken ? "pass" : "pass-alternative", order(true), order(isOvertaken));
      return;
    }
    bench.inconclusive(
      "slot 0 was always answered first: its requests were not slow enough, or those of slot 1 waited",
    );
  },
};
