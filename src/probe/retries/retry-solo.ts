import { allOk, sameReplyAs } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const retrySolo: Probe = {
  id: "retry-solo",
  title: "A lone SEQUENCE can be retried, kept or not",
  requires: "OK with the same session, slot and sequence id: the result of SEQUENCE is always kept.",
  rfc: "RFC 8881 §2.10.6.1.1, §2.10.6.1.3",
  pynfs: ["SEQ9f"],
  knownDeviations: "DittoFS answers NFS4ERR_RETRY_UNCACHED_REP on SEQUENCE when sa_cachethis was FALSE.",
  async run(bench) {
    const session = await bench.session();
    for (const [index, cachethis] of [false, true].entries()) {
      const send = () => session.sequence(index + 1, 0, { cachethis });
      const original = await send();
      bench.expect(original, allOk);
      bench.expect(await send(), sameReplyAs(original));
    }
    await bench.expectNext(session, 0, 3);
  },
};
