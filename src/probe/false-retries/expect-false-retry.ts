import { NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { errorAt, firstStatus, sameReplyAs } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import type { Verdict } from "../probe.ts";

/** What a server may do that does not notice, in words. */
export const FALSE_RETRY_PERMITS =
  "SEQ_FALSE_RETRY is permitted, not required: also the reply of the original, or SEQUENCE OK and an error on the second operation.";

/** Judges the answer to another request under a used sequence id. RFC 8881 §2.10.6.1.3 has the four that there are. */
export function expectFalseRetry(bench: Bench, original: Exchange, second: Exchange): Verdict {
  return bench.expect(second, firstStatus(NFS4ERR_SEQ_FALSE_RETRY), sameReplyAs(original), errorAt(1));
}
