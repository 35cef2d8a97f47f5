import type { OperationValue } from "../../nfs4/compound-writer.ts";
import { OPEN4res } from "../../nfs4/ops/open.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import type { SessionWishes } from "../../requester/session-calls.ts";
import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { close, delegReturn, getFh, open, putFh, SHARE, setAttr } from "../operations.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import { type Witness, witness } from "../witness.ts";
import { CallbackWatch, type ReceivedRecall } from "./callback-watch.ts";

/** A recall comes within this time, or it is not waited for any longer. */
const RECALL_MILLIS_MAX = 5000;
/** A server tests the back channel before it gives a delegation: the first OPENs may come too early. */
const OPENS_MAX = 6;
const OPEN_PAUSE_MILLIS = 200;

/** A file that the client has open and has a delegation of. */
export interface DelegatedFile {
  readonly fileHandle: Uint8Array;
  readonly opened: stateid4;
  readonly delegated: stateid4;
}

/** A client that is given delegations, somebody who wants the files, and a watch over the callbacks. */
export class RecallStage {
  readonly session: ProbeSession;
  readonly client: ProbeClient;
  readonly watch: CallbackWatch;
  readonly #bench: Bench;
  readonly #rival: Witness;
  /** Of slot 0. */
  #seq = 0;

  constructor(bench: Bench, client: ProbeClient, session: ProbeSession, watch: CallbackWatch, rival: Witness) {
    this.#bench = bench;
    this.client = client;
    this.session = session;
    this.watch = watch;
    this.#rival = rival;
  }

  /** What opens it and asks for a delegation. */
  opening(name: string): OperationValue[] {
    const wanted = { access: SHARE.read | SHARE.wantReadDelegation };
    return [putFh(this.#rival.directory), open(name, wanted), getFh()];
  }

  /** Makes a file and takes a delegation of it, by slot 0. Skips where no delegation is given. */
  async takeDelegation(name: string): Promise<DelegatedFile> {
    const fileHandle = await this.#rival.makeFile(name);
    for (let opens = 0; opens < OPENS_MAX; opens++) {
      if (opens > 0) await this.#bench.pause(OPEN_PAUSE_MILLIS);
      const exchange = await this.session.sequence(++this.#seq, 0, {}, ...this.opening(name));
      this.#bench.need(exchange, allOk, "an open file");
      const { stateid, delegation } = exchange.result(OPEN4res)!.resok4!;
      const granted = delegation.read ?? delegation.write;
      if (granted !== undefined) return { fileHandle, opened: stateid, delegated: granted.stateid };
    }
    return this.#bench.skip("the server gives no delegations");
  }

  /** Gives it back and closes the file. */
  async giveBack({ fileHandle, opened, delegated }: DelegatedFile): Promise<void> {
    const operations = [putFh(fileHandle), delegReturn(delegated), close(opened)];
    const exchange = await this.session.sequence(++this.#seq, 0, {}, ...operations);
    this.#bench.need(exchange, allOk, "the end of a delegation");
  }

  /** Somebody else cuts the file short: the delegation has to come back first. */
  provoke({ fileHandle }: DelegatedFile): void {
    // It waits for the delegation, which may be there when the probe is over: nobody minds its end.
    this.#rival.send(putFh(fileHandle), setAttr({ size: 0n })).catch(() => {});
  }

  /** The next recall; inconclusive, in these words, when none comes. */
  async recall(otherwise = "no recall came"): Promise<ReceivedRecall> {
    return (await this.nextRecall()) ?? this.#bench.inconclusive(`${otherwise} within ${RECALL_MILLIS_MAX} ms`);
  }

  /** The next recall; null when none comes. */
  nextRecall(): Promise<ReceivedRecall | null> {
    return this.watch.recall(RECALL_MILLIS_MAX);
  }
}

/** Runs a probe of recalls; what came on the back channel is judged however it ends. */
export async function onRecallStage(
  bench: Bench,
  wishes: Partial<SessionWishes>,
  act: (stage: RecallStage) => Promise<void>,
): Promise<void> {
  const client = bench.client();
  const rival = await witness(bench);
  const watch = new CallbackWatch(bench, client);
  try {
    const session = await bench.stateSession(wishes, client);
    await act(new RecallStage(bench, client, session, watch, rival));
  } finally {
    watch.judge();
  }
}

/** An OPEN came with a delegation. */
export function hasDelegation(exchange: Exchange): boolean {
  const delegation = exchange.result(OPEN4res)?.resok4?.delegation;
  return delegation?.read !== undefined || delegation?.write !== undefined;
}
