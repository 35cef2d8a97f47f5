import { NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const retryHighestChanged: Probe = {
  id: "retry-highest-changed",
  title: "A retry with another tag or sa_highest_slotid is still a retry",
  requires: "The reply of the original.",
  permits:
    "SEQ_FALSE_RETRY for another sa_highest_slotid, by the letter; clients work it out anew for each transmission, and may take the error for leave to send again as new.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.1.3.1",
  knownDeviations: "DittoFS answers NFS4ERR_SEQ_FALSE_RETRY to another tag.",
  async run(bench) {
    const session = await bench.session();
    if (session.granted.maxRequests === 1) bench.skip("there is only one slot");
    const send = (changes: { highest?: number; tag?: string }) =>
      session.sequence(1, 0, { cachethis: true, ...changes }, putRootFh(), getAttr("type", "fsid"));
    const original = await send({ tag: "a tag" });
    bench.expect(original, allOk);
    bench.expect(await send({ tag: "another" }), sameReplyAs(original));
    const higher = await send({ tag: "a tag", highest: 1 });
    bench.expect(higher, sameReplyAs(original), firstStatus(NFS4ERR_SEQ_FALSE_RETRY));
    await bench.expectNext(session, 0, 2);
  },
};
