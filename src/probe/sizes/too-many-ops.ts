import { NFS4ERR_TOO_MANY_OPS } from "../../nfs4/constants.ts";
import { allOk, lastStatus, sameReplyAs, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

/** A server may grant more operations than were asked for; there is an end to what is tried. */
const OPERATIONS_MAX = 1000;

export const tooManyOps: Probe = {
  id: "too-many-ops",
  title: "One operation more than ca_maxoperations",
  requires:
    "As many as granted succeed; TOO_MANY_OPS for one more, on SEQUENCE, whose slot and kept reply stay as they are, or on a later operation.",
  permits: "TOO_MANY_OPS without any result.",
  rfc: "RFC 8881 §18.36.3, §15.1.3.11, §2.10.6.1.2",
  pynfs: ["SEQ7"],
  knownDeviations:
    "DittoFS has one limit for all, whatever it granted, and says NFS4ERR_RESOURCE; buildbarn forgets the kept reply.",
  async run(bench) {
    const session = await bench.session();
    const { maxOperations } = session.granted;
    if (maxOperations > OPERATIONS_MAX) bench.skip(`${maxOperations} operations are granted`);
    const send = (seq: number, count: number) =>
      session.sequence(seq, 0, { cachethis: true }, ...Array.from({ length: count - 1 }, putRootFh));
    const exact = await send(1, maxOperations);
    bench.expect(exact, allOk);
    const more = await send(2, maxOperations + 1);
    bench.expect(more, lastStatus(NFS4ERR_TOO_MANY_OPS), wholeStatus(NFS4ERR_TOO_MANY_OPS));
    const isSequences = more.reply?.results.length === 1;
    if (isSequences) bench.expect(await send(1, maxOperations), sameReplyAs(exact));
    await expectSlotAfter(bench, session, more, 2);
  },
};
