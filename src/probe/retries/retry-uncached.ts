import { NFS4ERR_RETRY_UNCACHED_REP } from "../../nfs4/constants.ts";
import { allOk, errorAt, operationStatus, sameReplyAs } from "../answers.ts";
import { renameIn } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";

export const retryUncached: Probe = {
  id: "retry-uncached",
  title: "A retry of a request whose reply was not to be kept",
  requires: "SEQUENCE OK, RETRY_UNCACHED_REP on the second operation, and nothing executed.",
  permits: "The whole reply of the original; another error that the second operation can give.",
  rfc: "RFC 8881 §2.10.6.1.3",
  pynfs: ["SEQ10b"],
  knownDeviations:
    "DittoFS and chimera put NFS4ERR_RETRY_UNCACHED_REP on SEQUENCE, nfs4j on the whole without any result.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const onlooker = await witness(bench);
    await onlooker.makeDirectory("old");
    const send = () => session.sequence(1, 0, {}, ...renameIn(onlooker.directory, "old", "new"));
    const original = await send();
    bench.need(original, allOk, "a RENAME");
    await onlooker.makeDirectory("old");
    bench.expect(await send(), operationStatus(1, NFS4ERR_RETRY_UNCACHED_REP), sameReplyAs(original), errorAt(1));
    await onlooker.expectNames("RENAME is executed once", "new", "old");
    await bench.expectNext(session, 0, 2);
  },
};
