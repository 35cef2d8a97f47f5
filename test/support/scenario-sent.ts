import { type OperationValue, writeReply } from "../../src/nfs4/compound-writer.ts";
import { AUTH_ERROR } from "../../src/rpc/constants.ts";
import { writeRecordMark, writeReply as writeRpcReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import type { Connection } from "./scenario.ts";
import { bytesFrom, resultOf, type Step } from "./scenario-operations.ts";
import type { ReplyOptions } from "./scenario-options.ts";

/** A call on its way. */
export class Sent {
  readonly connection: Connection;
  readonly xid: number;
  readonly steps: readonly Step[];
  /** Frame of the call, 0 when the capture lost it. */
  readonly frame: number;
  readonly #replier: "client" | "server";
  readonly #tag: string;

  constructor(
    connection: Connection,
    replier: "client" | "server",
    xid: number,
    steps: readonly Step[],
    frame: number,
    tag: string,
  ) {
    this.connection = connection;
    this.#replier = replier;
    this.xid = xid;
    this.steps = steps;
    this.frame = frame;
    this.#tag = tag;
  }

  /**
   * The reply: statuses one by one, the first that is not 0 ends it; missing ones are 0. The frame number.
   * `ok([0, 10068])` fails the second operation.
   */
  ok(statuses: readonly number[] = [], options: ReplyOptions = {}): number {
    const results: OperationValue[] = [];
    for (const [index, step] of this.steps.entries()) {
      const status = statuses[index] ?? 0;
      results.push(resultOf(this.#adjust(step, options), status));
      if (status !== 0) break;
    }
    const last = statuses.slice(0, results.length).find((status) => status !== 0) ?? 0;
    return this.results(options.status ?? last, results, options);
  }

  /** SEQUENCE (or the first operation) refused. */
  fail(status: number, options: ReplyOptions = {}): number {
    return this.ok([status], options);
  }

  /** Any results at all. */
  results(status: number, results: readonly OperationValue[], options: ReplyOptions = {}): number {
    const sink = new Sink();
    writeRpcReply(sink, { xid: options.xid ?? this.xid, acceptStat: 0 });
    writeReply(sink, status, options.tag ?? this.#tag, results);
    return this.#send(sink, options);
  }

  /** An RPC-level refusal: 4 GARBAGE_ARGS, 5 SYSTEM_ERR. */
  refuse(acceptStat = 4, options: ReplyOptions = {}): number {
    const sink = new Sink();
    writeRpcReply(sink, { xid: options.xid ?? this.xid, acceptStat });
    return this.#send(sink, options);
  }

  /** MSG_DENIED with AUTH_ERROR: 5 AUTH_TOOWEAK, 13 RPCSEC_GSS_CREDPROBLEM. */
  deny(authStat: number, options: ReplyOptions = {}): number {
    const sink = new Sink();
    writeRpcReply(sink, { xid: options.xid ?? this.xid, rejectStat: AUTH_ERROR, authStat });
    return this.#send(sink, options);
  }

  #send(sink: Sink, { on, lost }: ReplyOptions): number {
    const { tcp } = on ?? this.connection;
    if (lost) tcp.loseNext();
    return tcp.send(this.#replier, record(sink));
  }

  #adjust(step: Step, { session, seq, slot, highest, target, flags }: ReplyOptions): Step {
    const arm = step.name === "SEQUENCE" ? "sr_resok4" : "csr_resok4";
    const resok = step.ok[arm] as Record<string, unknown> | undefined;
    if (resok === undefined) return step;
    if (arm === "csr_resok4") {
      const said = { csr_sessionid: session && bytesFrom(`0x${session}`), csr_sequenceid: seq, csr_slotid: slot };
      const limits = { csr_highest_slotid: highest, csr_target_highest_slotid: target ?? highest };
      return { ...step, ok: { csr_resok4: { ...resok, ...known({ ...said, ...limits }) } } };
    }
    const changes = {
      sr_sessionid: session === undefined ? undefined : bytesFrom(`0x${session}`),
      sr_sequenceid: seq,
      sr_slotid: slot,
      sr_highest_slotid: highest,
      sr_target_highest_slotid: target ?? highest,
      sr_status_flags: flags,
    };
    return { ...step, ok: { sr_resok4: { ...resok, ...known(changes) } } };
  }
}

function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The message behind its record mark, without the last `chopped` bytes. */
export function record(message: Sink, chopped = 0): Uint8Array {
  const whole = message.finish();
  return markedRecord(whole.subarray(0, whole.length - chopped));
}

function markedRecord(bytes: Uint8Array): Uint8Array {
  const sink = new Sink();
  writeRecordMark(sink, bytes.length);
  const mark = sink.finish();
  const whole = new Uint8Array(mark.length + bytes.length);
  whole.set(mark);
  whole.set(bytes, mark.length);
  return whole;
}
