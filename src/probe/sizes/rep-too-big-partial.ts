import { NFS4_OK } from "../../nfs4/constants.ts";
import { lastStatus, sameReplyAs, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { renameIn } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { cacheLimitStatuses } from "./cache-limit.ts";
import { longReply } from "./long-reply.ts";

export const repTooBigPartial: Probe = {
  id: "rep-too-big-partial",
  title: "A reply that gets too long to be kept behind a RENAME",
  requires:
    "REP_TOO_BIG_TO_CACHE; when RENAME was executed before, the retry gets the same partial reply and RENAME is executed once.",
  permits: "REP_TOO_BIG_TO_CACHE on SEQUENCE or without any result, and nothing executed.",
  rfc: "RFC 8881 §2.10.6.4",
  knownDeviations: "nfs4j, DittoFS and buildbarn have no such limit.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const onlooker = await witness(bench);
    const { maxResponseSizeCached } = session.granted;
    const reading = await longReply(bench, session, onlooker, maxResponseSizeCached);
    const link = `link-${maxResponseSizeCached}`;
    await onlooker.makeDirectory("old");
    const operations = [...renameIn(onlooker.directory, "old", "new"), ...reading];
    const send = () => session.sequence(1, 0, { cachethis: true }, ...operations);
    const statuses = cacheLimitStatuses(session);
    const partial = await send();
    const onSequence = partial.statusAt(0) !== NFS4_OK;
    bench.expect(partial, lastStatus(...statuses), wholeStatus(...statuses));
    const isRenamed = partial.reply?.results[RENAME_INDEX]?.status === NFS4_OK;
    if (isRenamed) await onlooker.makeDirectory("old");
    if (!onSequence) bench.expect(await send(), sameReplyAs(partial));
    if (isRenamed) await onlooker.expectNames("RENAME is executed once", link, "new", "old");
    else await onlooker.expectNames("RENAME is not executed", link, "old");
    await expectSlotAfter(bench, session, partial, 1);
  },
};

/** SEQUENCE, PUTFH, SAVEFH, RENAME. */
const RENAME_INDEX = 3;
