import { NFS4ERR_BADSLOT, NFS4ERR_DELAY, SEQ4_STATUS_BACKCHANNEL_FAULT } from "../../nfs4/constants.ts";
import type { Bench } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { FlagReader, statusFlagsText } from "../status-flags.ts";
import { placeOf } from "./callback-watch.ts";
import { onRecallStage, type RecallStage } from "./recall-stage.ts";

const isFault = (flags: number) => (flags & SEQ4_STATUS_BACKCHANNEL_FAULT) !== 0;

/** CB_SEQUENCE fails, so that the slot stays; then CB_RECALL does, so that it moves each time. RFC 8881 §15.1.1.3 */
async function afterDelays(bench: Bench, stage: RecallStage): Promise<void> {
  const file = await stage.takeDelegation("delayed");
  const later = { operationStatus: NFS4ERR_DELAY };
  stage.watch.answerNext({ sequenceStatus: NFS4ERR_DELAY }, later, later);
  stage.provoke(file);
  const wanted = placeOf((await stage.recall()).sequence);
  let last = placeOf((await stage.recall("no callback came after DELAY on CB_SEQUENCE")).sequence);
  bench.check(last === wanted, `the callback again as ${wanted}`, last);
  for (let delays = 0; delays < 2; delays++) {
    const next = placeOf((await stage.recall("no callback came after DELAY on CB_RECALL")).sequence);
    bench.check(next !== last, "another slot or sequence id: the old one would only give the old reply", next);
    last = next;
  }
}

async function afterBadSlot(bench: Bench, stage: RecallStage): Promise<void> {
  const file = await stage.takeDelegation("refused");
  stage.watch.answerNext({ sequenceStatus: NFS4ERR_BADSLOT });
  stage.provoke(file);
  const first = await stage.recall();
  const required = "the callback again on that slot or the first one of another, or BACKCHANNEL_FAULT";
  const reader = new FlagReader(bench, stage.session, 1);
  const flags = await reader.settled((seen) => isFault(seen) || stage.watch.hasRecall);
  if (!stage.watch.hasRecall) {
    if (!isFault(flags)) bench.inconclusive("no callback after BADSLOT on CB_SEQUENCE, and no BACKCHANNEL_FAULT");
    bench.judge("pass-alternative", required, statusFlagsText(flags));
    return;
  }
  const { sequence } = await stage.recall();
  const isSame = sequence.csa_slotid === first.sequence.csa_slotid;
  const seq = isSame ? first.sequence.csa_sequenceid : 1;
  bench.check(sequence.csa_sequenceid === seq, required, placeOf(sequence));
}

export const cbErrorSlot: Probe = {
  id: "cb-error-slot",
  title: "An error on CB_SEQUENCE does not move the slot",
  requires: "After DELAY on CB_SEQUENCE the same sequence id on that slot, after DELAY behind it a new one.",
  permits: "After BADSLOT another slot, or BACKCHANNEL_FAULT.",
  rfc: "RFC 8881 §20.9.3, §15.1.1.3",
  knownDeviations: "nfs-ganesha, nfs4j, DittoFS and chimera go on to the next sequence id.",
  writes: true,
  async run(bench) {
    await onRecallStage(bench, {}, (stage) => afterDelays(bench, stage));
    await onRecallStage(bench, {}, (stage) => afterBadSlot(bench, stage));
  },
};
