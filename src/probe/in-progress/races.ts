import type { OperationValue } from "../../nfs4/compound-writer.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { PROBE_FORE } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import type { Witness } from "../witness.ts";
import { heldRename, manyWrites } from "./slow-work.ts";

/** Room for a request that takes its time. */
export const SLOW_WISHES = {
  fore: { ...PROBE_FORE, maxRequestSize: 65_536, maxResponseSize: 65_536, maxOperations: 64 },
};
/** How long the slow request is held up for the second one to be answered. Servers wait longer, or not at all. */
const HOLD_MILLIS = 300;

/** A slow request on slot 0, and what was sent while it ran. */
export interface Race {
  readonly seq: number;
  /** Of the slow request, behind SEQUENCE. */
  readonly operations: readonly OperationValue[];
  readonly slow: Exchange;
  readonly second: Exchange;
  /** The server could not have finished the slow request before the second one came. */
  readonly isHeld: boolean;
  /** The second one was answered first. */
  readonly isOvertaken: boolean;
}

/** What is sent while the slow request runs. */
export type Second = (seq: number, operations: readonly OperationValue[]) => Promise<Exchange>;

/**
 * Sends slow requests on slot 0 and something after each, until whoever looks at the races has seen enough. `step`:
 * sequence ids of slot 0 that one race uses up.
 */
export async function* races(
  bench: Bench,
  { session, holder, step = 1 }: { session: ProbeSession; holder: Witness; step?: number },
  second: Second,
): AsyncGenerator<Race> {
  let seq = 1;
  const held = await heldRename(bench, holder);
  if (held === null) bench.note("no delegation is granted, so that no request can be held up: many are tried instead");
  for (const work of [held, await manyWrites(session, holder)]) {
    for (let round = 1; work !== null && round <= work.rounds; round++) {
      const operations = work.operations(round);
      let isSlowDone = false;
      const slow = session.sequence(seq, 0, { cachethis: true }, ...operations);
      void slow.then(() => {
        isSlowDone = true;
      });
      const isHeld = (await work.begun(slow)) && !isSlowDone;
      let isOvertaken = false;
      const other = second(seq, operations);
      const answered = other.then(() => {
        isOvertaken = !isSlowDone;
      });
      if (isHeld) await Promise.race([answered, bench.pause(HOLD_MILLIS)]);
      await work.release();
      yield { seq, operations, slow: await slow, second: await other, isHeld, isOvertaken };
      seq += step;
    }
  }
}
