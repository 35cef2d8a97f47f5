import type { Call } from "../../session/call.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Rule } from "../rule.ts";

/** Calls one after the other that named slots which nobody used. */
interface Run {
  readonly first: Call;
  /** The table's calls when the latest came: tells whether any other came between. */
  calls: number;
  length: number;
  isTold: boolean;
}

/** "The requester should in all cases provide the most conservative value possible." */
export const highestSlotidOverstated: Rule = {
  id: "highest-slotid-overstated",
  severity: "note",
  fault: "client",
  title: "highest_slotid names slots that are never used",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Request after request named an sa_highest_slotid far above every slot that was ever used in the session, or the end of the table although its last slot was never used.",
    hurts: "The server cannot tell that slots are free and keeps memory for them.",
    todo: "In the client, name the highest slot that has a request outstanding. A little more is allowed.",
    seenIn: "nfs4j and DittoFS always name the last slot in their callbacks",
  },
  downgrades: { H: 1, M: "off", G: "off" },
  options: { calls: 32, durationSeconds: 1 },
  watch({ report, option }) {
    const callsMin = option("calls");
    const nanosMin = option("durationSeconds") * 1e9;
    const runs = new WeakMap<ObservedSlotTable, Run>();
    return {
      "highest-slot-overstated"(call) {
        const { session } = call;
        if (session?.created == null) return;
        const table = session.table(call.channel);
        const run = continued(runs.get(table), call, table);
        runs.set(table, run);
        if (run.isTold || run.length < callsMin || call.at - run.first.at < nanosMin) return;
        run.isTold = true;
        report({
          session,
          connection: call.connection,
          since: run.first.at,
          frames: [run.first, call],
          actual: { text: `highest_slotid ${call.highestSlotId}` },
          message: `${run.length} requests in a row named a highest_slotid of up to ${call.highestSlotId}, no slot above ${table.highestSlotUsed} was ever used`,
        });
      },
    };
  },
};

function continued(run: Run | undefined, first: Call, { calls }: ObservedSlotTable): Run {
  if (run === undefined) return { first, calls, length: 1, isTold: false };
  if (run.calls + 1 !== calls) return { first, calls, length: 1, isTold: run.isTold };
  run.calls = calls;
  run.length++;
  return run;
}
