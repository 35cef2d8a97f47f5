import { NFS4ERR_REP_TOO_BIG } from "../../nfs4/constants.ts";
import { lastStatus, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { longReply } from "./long-reply.ts";

export const repTooBig: Probe = {
  id: "rep-too-big",
  title: "A reply that would be longer than ca_maxresponsesize",
  requires: "REP_TOO_BIG on SEQUENCE or on a later operation.",
  permits: "REP_TOO_BIG without any result.",
  rfc: "RFC 8881 §2.10.6.4, §18.36.3, §15.1.3.6",
  pynfs: ["CSESS26"],
  knownDeviations: "nfs4j, DittoFS, buildbarn and chimera have no such limit.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const operations = await longReply(bench, session, await witness(bench), session.granted.maxResponseSize);
    const reply = await session.sequence(1, 0, {}, ...operations);
    bench.expect(reply, lastStatus(NFS4ERR_REP_TOO_BIG), wholeStatus(NFS4ERR_REP_TOO_BIG));
    await expectSlotAfter(bench, session, reply, 1);
  },
};
