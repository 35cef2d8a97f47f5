import type { OperationValue } from "../../nfs4/compound-writer.ts";
import type { RpcConnection } from "../../requester/rpc-connection.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { PROBE_FORE } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import type { Witness } from "../witness.ts";
import { heldRename, manyWrites, type SlowWork } from "./slow-work.ts";

/** Room for a request that takes its time. */
export const SLOW_WISHES = {
  fore: { ...PROBE_FORE, maxRequestSize: 65_536, maxResponseSize: 65_536, maxOperations: 96 },
};
/** How long the slow request is held up for the others to be answered. Servers wait longer, or not at all. */
const HOLD_MILLIS = 300;
/** The slot of the marker. */
const MARKER_SLOT = 1;

/** A slow request on slot 0, and what was sent while it ran. */
export interface Race {
  readonly seq: number;
  /** Of the slow request, behind SEQUENCE. */
  readonly operations: readonly OperationValue[];
  readonly slow: Exchange;
  readonly second: Exchange;
  /** A lone SEQUENCE on slot 1, sent behind the second request on the same connection; null where there is no slot 1. */
  readonly marker: Exchange | null;
  /** The server was not done with the slow request before we let it finish. */
  readonly isHeld: boolean;
  /** The marker was answered before the slow request: so the second request was there while that ran. */
  readonly isOvertaken: boolean;
}

/** Who races, and on which connection all but the slow requests go. */
export interface RaceOptions {
  readonly session: ProbeSession;
  readonly holder: Witness;
  readonly connection?: RpcConnection;
  /** Sequence ids of slot 0 that one race uses up. */
  readonly step?: number;
}

/** What is sent while the slow request runs. */
export type Second = (seq: number, operations: readonly OperationValue[]) => Promise<Exchange>;

/** Sends slow requests on slot 0 and others behind each, until whoever looks at the races has seen enough. */
export async function* races(bench: Bench, options: RaceOptions, second: Second): AsyncGenerator<Race> {
  const { session, holder, step = 1 } = options;
  let seq = 1;
  let marks = 0;
  const held = await heldRename(bench, holder);
  if (held === null) bench.note("no delegation is granted, so that no request can be held up: many are tried instead");
  for (const work of [held, await manyWrites(session, holder)]) {
    for (let round = 1; work !== null && round <= work.rounds; round++) {
      yield await race(bench, work, { ...options, seq, mark: ++marks, operations: work.operations(round) }, second);
      seq += step;
    }
  }
}

interface RaceStart extends RaceOptions {
  readonly seq: number;
  /** Sequence id of the marker. */
  readonly mark: number;
  readonly operations: readonly OperationValue[];
}

async function race(bench: Bench, work: SlowWork, start: RaceStart, sendSecond: Second): Promise<Race> {
  const { session, connection = session.connection, seq, mark, operations } = start;
  const { hold } = work;
  const answered: ("slow" | "marker")[] = [];
  const sendSlow = () => {
    const slow = session.sequence(seq, 0, { cachethis: true }, ...operations);
    void slow.then(() => answered.push("slow"));
    return slow;
  };
  const sendOthers = () => {
    const second = sendSecond(seq, operations);
    const hasSlot = session.granted.maxRequests > MARKER_SLOT;
    const marker = hasSlot ? session.sequence(mark, MARKER_SLOT, { connection }) : null;
    void marker?.then(() => answered.push("marker"));
    return { second, marker };
  };
  let isHeld = false;
  let sent: { slow: Promise<Exchange> } & ReturnType<typeof sendOthers>;
  if (hold === null) {
    const sendAll = () => ({ slow: sendSlow(), ...sendOthers() });
    sent = connection.together(() => session.connection.together(sendAll));
  } else {
    const slow = sendSlow();
    const isAtWork = await hold.begun(slow);
    sent = { slow, ...sendOthers() };
    if (isAtWork) await Promise.race([Promise.all([sent.second, sent.marker]), bench.pause(HOLD_MILLIS)]);
    // A server that does not wait recalls the delegation, too, and then says DELAY.
    isHeld = isAtWork && !answered.includes("slow");
    await hold.release();
  }
  const exchanges = { slow: await sent.slow, second: await sent.second, marker: await sent.marker };
  return { seq, operations, ...exchanges, isHeld, isOvertaken: answered[0] === "marker" };
}
