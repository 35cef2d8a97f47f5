import { allOk, sameReplyAs } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

const RETRIES = 5;

export const retryMany: Probe = {
  id: "retry-many",
  title: "A kept reply is given out as often as it is asked for",
  requires: `The reply of the original to each of ${RETRIES} retries.`,
  rfc: "RFC 8881 §2.10.6.1",
  knownDeviations: "Old FreeBSD gives a kept reply out only once.",
  async run(bench) {
    const session = await bench.session();
    const send = () => session.sequence(1, 0, { cachethis: true }, putRootFh(), getAttr("type", "fsid"));
    const original = await send();
    bench.expect(original, allOk);
    for (let retry = 0; retry < RETRIES; retry++) bench.expect(await send(), sameReplyAs(original));
  },
};
