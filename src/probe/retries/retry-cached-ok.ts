import { allOk, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const retryCachedOk: Probe = {
  id: "retry-cached-ok",
  title: "A retry gets the kept reply",
  requires: "The reply of the original again, byte for byte but for limits and status flags; the slot does not move.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.1.1, §18.46.3",
  pynfs: ["SEQ9a"],
  async run(bench) {
    const session = await bench.session();
    const send = () => session.sequence(1, 0, { cachethis: true }, putRootFh(), getAttr("type", "fsid"));
    const original = await send();
    bench.expect(original, allOk);
    bench.expect(await send(), sameReplyAs(original));
    await bench.expectNext(session, 0, 2);
  },
};
