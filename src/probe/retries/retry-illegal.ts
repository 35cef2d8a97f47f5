import { NFS4_OK, NFS4ERR_BADXDR, NFS4ERR_NOTSUPP, NFS4ERR_OP_ILLEGAL, OP_RENEW } from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { operationStatus, rpcRefusal, sameReplyAs } from "../answers.ts";
import { illegal, zeroed } from "../operations.ts";
import type { Probe } from "../probe.ts";

const CASES = [
  { operation: illegal(), status: NFS4ERR_OP_ILLEGAL, others: [NFS4ERR_BADXDR, NFS4ERR_NOTSUPP] },
  { operation: zeroed(OP_RENEW), status: NFS4ERR_NOTSUPP, others: [NFS4ERR_BADXDR, NFS4ERR_OP_ILLEGAL] },
];

export const retryIllegal: Probe = {
  id: "retry-illegal",
  title: "An operation that does not exist says so in retries too",
  requires:
    "OP_ILLEGAL, and NOTSUPP for RENEW of NFSv4.0, to the original and to its retry, whether the reply was to be kept or not; never RETRY_UNCACHED_REP.",
  permits: "BADXDR, or the other of the two; RPC GARBAGE_ARGS, again for the retry, where the slot does not move.",
  rfc: "RFC 8881 §2.10.6.1.3, §15.1.3.4",
  pynfs: ["SEQ9e"],
  async run(bench) {
    const session = await bench.session();
    let seq = 1;
    for (const { operation, status, others } of CASES) {
      const answers = [operationStatus(1, ...others), rpcRefusal(GARBAGE_ARGS)];
      for (const cachethis of [true, false]) {
        const send = () => session.sequence(seq, 0, { cachethis }, operation);
        const original = await send();
        bench.expect(original, operationStatus(1, status), ...answers);
        const retry = await send();
        bench.expect(retry, operationStatus(1, status), ...answers);
        if (original.statusAt(0) !== NFS4_OK) continue;
        if (cachethis) bench.expect(retry, sameReplyAs(original));
        seq++;
      }
    }
    await bench.expectNext(session, 0, seq);
  },
};
