import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const slotLast: Probe = {
  id: "slot-last",
  title: "The last slot granted can be used",
  requires: "SEQUENCE succeeds on slot ca_maxrequests - 1, the first request of the session.",
  rfc: "RFC 8881 §18.36.3, §2.10.6.1",
  async run(bench) {
    const session = await bench.session();
    const last = session.granted.maxRequests - 1;
    bench.expect(await session.sequence(1, last), allOk);
    await bench.expectNext(session, last, 2);
  },
};
