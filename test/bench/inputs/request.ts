import { Compound } from "../../../src/nfs4/compound.ts";
import { writeCall, writeReply } from "../../../src/nfs4/compound-writer.ts";
import { operationClass } from "../../../src/nfs4/constants.ts";
import { SEQUENCE4args, SEQUENCE4res, SEQUENCE4resok } from "../../../src/nfs4/ops/session.ts";
import { skimCall, skimReply } from "../../../src/nfs4/skim.ts";
import { authSys, writeCall as writeRpcCall } from "../../../src/rpc/write.ts";
import { Cursor } from "../../../src/xdr/cursor.ts";
import { Sink } from "../../../src/xdr/sink.ts";
import { callMessage, marked, replyMessage } from "../../support/rpc-stream.ts";
import { argsOf, bytesFrom, op, operationCalled, resultOf, type Step } from "../../support/scenario-operations.ts";

const XID_AT = 4;
const SESSION_ID = new Uint8Array(16);

/** A COMPOUND call as a record on the stream. */
export function callRecord(xid: number, steps: readonly Step[], uid = 0): Uint8Array {
  return marked(callMessage(xid, callBody(steps), credential(uid)));
}

/** The record of its OK reply. */
export function replyRecord(xid: number, steps: readonly Step[]): Uint8Array {
  return marked(replyMessage(xid, replyBody(steps)));
}

/** The NULL procedure, with which Linux greets a server on every new connection. */
export function nullCallRecord(xid: number): Uint8Array {
  const sink = new Sink();
  writeRpcCall(sink, { xid, program: 100003, version: 4, procedure: 0 });
  return marked(sink.finish());
}

export function nullReplyRecord(xid: number): Uint8Array {
  return marked(replyMessage(xid, new Uint8Array(0)));
}

/** What differs from one request to the next like it. */
export interface Turn {
  readonly xid: number;
  readonly sessionId: Uint8Array;
  readonly slot: number;
  readonly seq: number;
  /** sa_highest_slotid. */
  readonly highest: number;
  /** Slots of the session. */
  readonly slots: number;
}

/** A request led by SEQUENCE and its OK reply, encoded once: to send it again only the words of its turn change. */
export class Request {
  readonly #call: Uint8Array;
  readonly #reply: Uint8Array;
  readonly #argsAt: number;
  readonly #resokAt: number;

  constructor(steps: readonly Step[], uid = 0) {
    const all = [sequence(steps.some(isCached)), ...steps];
    const outline = new Compound();
    const call = callBody(all);
    skimCall(new Cursor().reset(call, 0, call.length), outline, false);
    this.#call = callRecord(0, all, uid);
    this.#argsAt = this.#call.length - call.length + outline.starts[0]!;
    const reply = replyBody(all);
    skimReply(new Cursor().reset(reply, 0, reply.length), outline, false);
    this.#reply = replyRecord(0, all);
    this.#resokAt = this.#reply.length - reply.length + outline.starts[0]! + SEQUENCE4res.discriminant.fixedSize!;
  }

  call({ xid, sessionId, slot, seq, highest }: Turn): Uint8Array {
    const bytes = this.#call.slice();
    const view = new DataView(bytes.buffer);
    const { offsets } = SEQUENCE4args;
    view.setUint32(XID_AT, xid);
    bytes.set(sessionId, this.#argsAt + offsets.sa_sessionid);
    view.setUint32(this.#argsAt + offsets.sa_sequenceid, seq);
    view.setUint32(this.#argsAt + offsets.sa_slotid, slot);
    view.setUint32(this.#argsAt + offsets.sa_highest_slotid, highest);
    return bytes;
  }

  reply({ xid, sessionId, slot, seq, slots }: Turn): Uint8Array {
    const bytes = this.#reply.slice();
    const view = new DataView(bytes.buffer);
    const { offsets } = SEQUENCE4resok;
    view.setUint32(XID_AT, xid);
    bytes.set(sessionId, this.#resokAt + offsets.sr_sessionid);
    view.setUint32(this.#resokAt + offsets.sr_sequenceid, seq);
    view.setUint32(this.#resokAt + offsets.sr_slotid, slot);
    view.setUint32(this.#resokAt + offsets.sr_highest_slotid, slots - 1);
    view.setUint32(this.#resokAt + offsets.sr_target_highest_slotid, slots - 1);
    return bytes;
  }
}

function sequence(cachethis: boolean): Step {
  return op.step(
    "SEQUENCE",
    { sa_sessionid: SESSION_ID, sa_sequenceid: 0, sa_slotid: 0, sa_highest_slotid: 0, sa_cachethis: cachethis },
    {
      sr_resok4: {
        sr_sessionid: SESSION_ID,
        sr_sequenceid: 0,
        sr_slotid: 0,
        sr_highest_slotid: 0,
        sr_target_highest_slotid: 0,
        sr_status_flags: 0,
      },
    },
  );
}

/** The client wants the reply kept where it would not want to repeat the request. */
function isCached({ name }: Step): boolean {
  return name === "SETATTR" || operationClass(operationCalled(name).number) === "N";
}

/** COMPOUND4args of minor version 1. */
export function callBody(steps: readonly Step[]): Uint8Array {
  const sink = new Sink();
  writeCall(sink, "", 1, steps.map(argsOf));
  return sink.finish();
}

/** COMPOUND4res with all statuses OK. */
export function replyBody(steps: readonly Step[]): Uint8Array {
  const sink = new Sink();
  const results = steps.map((step) => resultOf(step));
  writeReply(sink, 0, "", results);
  return sink.finish();
}

function credential(uid: number) {
  return authSys({ machineName: bytesFrom("bench1"), uid, gid: uid });
}
