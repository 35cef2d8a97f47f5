import { NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { allOk, errorAt, firstStatus, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const falseRetryCachethis: Probe = {
  id: "false-retry-cachethis",
  title: "A retry with the other sa_cachethis is not executed",
  requires: "The reply of the original, or SEQ_FALSE_RETRY, whichever of the two said TRUE.",
  permits: "SEQUENCE OK and RETRY_UNCACHED_REP, or another error, on the second operation.",
  rfc: "RFC 8881 §2.10.6.1.3, §2.10.6.1.3.1",
  async run(bench) {
    const session = await bench.session();
    for (const [index, cachethis] of [true, false].entries()) {
      const send = (keep: boolean) =>
        session.sequence(index + 1, 0, { cachethis: keep }, putRootFh(), getAttr("type", "fsid"));
      const original = await send(cachethis);
      bench.expect(original, allOk);
      const flipped = await send(!cachethis);
      const isRefused = firstStatus(NFS4ERR_SEQ_FALSE_RETRY).fits(flipped);
      bench.expect(flipped, isRefused ? firstStatus(NFS4ERR_SEQ_FALSE_RETRY) : sameReplyAs(original), errorAt(1));
    }
    await bench.expectNext(session, 0, 3);
  },
};
