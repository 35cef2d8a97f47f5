import { NFS4ERR_BADSLOT, NFS4ERR_DELAY, SEQ4_STATUS_BACKCHANNEL_FAULT } from "../../nfs4/constants.ts";
import type { Bench } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { FlagReader, statusFlagsText } from "../status-flags.ts";
import { placeOf, type ReceivedRecall } from "./callback-watch.ts";
import { onRecallStage, type RecallStage } from "./recall-stage.ts";

const isFault = (flags: number) => (flags & SEQ4_STATUS_BACKCHANNEL_FAULT) !== 0;

/** CB_SEQUENCE fails, so that the slot stays; then CB_RECALL does, so that it has moved. RFC 8881 §15.1.1.3 */
async function afterDelays(bench: Bench, stage: RecallStage): Promise<void> {
  const fileHandle = await stage.takeDelegation("delayed");
  stage.watch.answerNext({ sequenceStatus: NFS4ERR_DELAY }, { operationStatus: NFS4ERR_DELAY });
  stage.provoke(fileHandle);
  const first = await stage.recall();
  const second = await sentAgain(bench, stage, "CB_SEQUENCE");
  const wanted = placeOf(first.sequence);
  bench.check(placeOf(second.sequence) === wanted, `the callback again as ${wanted}`, placeOf(second.sequence));
  const third = await sentAgain(bench, stage, "CB_RECALL");
  const isNew = placeOf(third.sequence) !== placeOf(second.sequence);
  bench.check(isNew, "another slot or sequence id: the old one would only give the old reply", placeOf(third.sequence));
}

async function sentAgain(bench: Bench, stage: RecallStage, operation: string): Promise<ReceivedRecall> {
  return (await stage.nextRecall()) ?? bench.inconclusive(`no callback after DELAY on ${operation}`);
}

async function afterBadSlot(bench: Bench, stage: RecallStage): Promise<void> {
  const fileHandle = await stage.takeDelegation("refused");
  stage.watch.answerNext({ sequenceStatus: NFS4ERR_BADSLOT });
  stage.provoke(fileHandle);
  const first = await stage.recall();
  const again = await stage.nextRecall();
  const required = "the callback again on that slot or the first one of another, or BACKCHANNEL_FAULT";
  if (again !== null) {
    const { csa_slotid: slot, csa_sequenceid: seq } = again.sequence;
    const isSame = slot === first.sequence.csa_slotid;
    bench.check(isSame ? seq === first.sequence.csa_sequenceid : seq === 1, required, placeOf(again.sequence));
    return;
  }
  const flags = await new FlagReader(bench, stage.session, 1).settled(isFault);
  if (!isFault(flags)) bench.inconclusive("no callback after BADSLOT on CB_SEQUENCE, and no BACKCHANNEL_FAULT");
  bench.judge("pass-alternative", required, statusFlagsText(flags));
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
