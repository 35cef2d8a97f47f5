import { NFS4ERR_BAD_HIGH_SLOT, NFS4ERR_BADSLOT } from "../../nfs4/constants.ts";
import { type Answer, firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Verdict } from "../probe.ts";
import type { ProbeSession } from "../probe-session.ts";

/** Requires the server not to have a slot. Since sa_highest_slotid names it too, BAD_HIGH_SLOT is as true. RFC 8881 §15.1.11 */
export async function expectBadSlot(
  bench: Bench,
  session: ProbeSession,
  slot: number,
  ...permitted: Answer[]
): Promise<Verdict> {
  const answers = [firstStatus(NFS4ERR_BAD_HIGH_SLOT), ...permitted];
  return bench.expect(await session.sequence(1, slot), firstStatus(NFS4ERR_BADSLOT), ...answers);
}
