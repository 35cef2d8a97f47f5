import { allOk, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const retryNewXid: Probe = {
  id: "retry-new-xid",
  title: "The xid of a retry does not matter",
  requires: "The reply of the original to a retry under a new xid, and to one under the old xid.",
  rfc: "RFC 8881 §2.10.6.1",
  async run(bench) {
    const session = await bench.session();
    const send = (xid?: number) => {
      const options = xid === undefined ? {} : { xid };
      return session.sequence(1, 0, { cachethis: true, ...options }, putRootFh(), getAttr("type", "fsid"));
    };
    const original = await send();
    bench.expect(original, allOk);
    bench.expect(await send(), sameReplyAs(original));
    bench.expect(await send(original.xid), sameReplyAs(original));
  },
};
