import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

const REQUESTS = 50;

export const grow: Probe = {
  id: "grow",
  title: "A client that keeps its highest slot busy",
  requires: "The table stays as granted.",
  permits: "It grows, and then the slot that sr_highest_slotid names can be used.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  async run(bench) {
    const session = await bench.session();
    const top = session.granted.maxRequests - 1;
    let highest = top;
    for (let seq = 1; seq <= REQUESTS && highest >= top; seq++) {
      const exchange = await session.sequence(seq, top);
      if (bench.expect(exchange, allOk) !== "pass") return;
      highest = exchange.sequence!.sr_highest_slotid;
    }
    if (highest > top) bench.expect(await session.sequence(1, highest), allOk);
    const observed = `sr_highest_slotid ${highest} with ${top + 1} slots granted`;
    bench.judge(highest === top ? "pass" : "pass-alternative", "the table stays as granted", observed);
  },
};
