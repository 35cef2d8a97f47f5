import { lastStatus, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import type { Probe } from "../probe.ts";
import { PROBE_FORE } from "../probe-client.ts";
import { witness } from "../witness.ts";
import { cacheLimitStatuses } from "./cache-limit.ts";
import { longReply } from "./long-reply.ts";

/** Not even SEQUENCE can be kept in so many bytes. */
const NEXT_TO_NOTHING = 16;

export const repTooBigCache: Probe = {
  id: "rep-too-big-cache",
  title: "A reply that is to be kept and would be longer than ca_maxresponsesize_cached",
  requires: "REP_TOO_BIG_TO_CACHE on SEQUENCE, whose slot stays where it is, or on a later operation.",
  permits: "REP_TOO_BIG_TO_CACHE without any result.",
  rfc: "RFC 8881 §2.10.6.4, §2.10.6.1.2, §18.36.3",
  pynfs: ["CSESS27"],
  knownDeviations:
    "nfs4j, DittoFS and buildbarn have no such limit; nfs-ganesha moves the slot though the error is SEQUENCE's own.",
  writes: true,
  async run(bench) {
    const onlooker = await witness(bench);
    for (const maxResponseSizeCached of [PROBE_FORE.maxResponseSizeCached, NEXT_TO_NOTHING]) {
      const session = await bench.session({ fore: { ...PROBE_FORE, maxResponseSizeCached } });
      const operations = await longReply(bench, session, onlooker, session.granted.maxResponseSizeCached);
      const reply = await session.sequence(1, 0, { cachethis: true }, ...operations);
      const statuses = cacheLimitStatuses(session);
      bench.expect(reply, lastStatus(...statuses), wholeStatus(...statuses));
      await expectSlotAfter(bench, session, reply, 1);
    }
  },
};
