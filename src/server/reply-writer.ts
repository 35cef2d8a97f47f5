import { NFS4_OK, OP_EXCHANGE_ID, OP_OPEN, OP_SETATTR, operationClass } from "../nfs4/constants.ts";
import type { Operation } from "../nfs4/operation.ts";
import { SUCCESS } from "../rpc/constants.ts";
import { RECORD_MARK_BYTES, writeRecordMark, writeReply } from "../rpc/write.ts";
import { GatheringSink } from "../xdr/gathering-sink.ts";
import { Sink } from "../xdr/sink.ts";

/** Operation number and status, and the empty bitmap that SETATTR adds. */
export const ERROR_RESULT_BYTES = 12;
/** Results of operations that change something are never larger: this server's are known. */
const EFFECT_RESULT_BYTES = 96;
const LONG_EFFECT_RESULT_BYTES = 256;

/** What has to be free before an operation is executed, so that what it does can be told. RFC 8881 §2.10.6.4 */
export function leastRoom(operation: number): number {
  if (operation === OP_OPEN || operation === OP_EXCHANGE_ID) return LONG_EFFECT_RESULT_BYTES;
  const kind = operationClass(operation);
  return kind === "M" || kind === "N" ? EFFECT_RESULT_BYTES : ERROR_RESULT_BYTES;
}

/** Results beside bulk data seldom take more. */
const REPLY_BYTES = 512;

/** Writes one reply, from record mark to last result. Bulk data is not copied: it must not change before it is sent. */
export class ReplyWriter {
  readonly #sink = new GatheringSink(REPLY_BYTES);
  readonly #bodyAt: number;
  readonly #countAt: number;
  #count = 0;
  #status = NFS4_OK;

  constructor(xid: number, tag: Uint8Array) {
    const sink = this.#sink;
    writeRecordMark(sink, 0);
    writeReply(sink, { xid, acceptStat: SUCCESS });
    this.#bodyAt = sink.length;
    sink.u32(NFS4_OK);
    sink.u32(tag.length);
    sink.padded(tag);
    this.#countAt = sink.length;
    sink.u32(0);
  }

  /** Bytes of the RPC message so far: what ca_maxresponsesize limits. */
  get messageLength(): number {
    return this.#sink.length - RECORD_MARK_BYTES;
  }

  get status(): number {
    return this.#status;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a result and gives its status; null, and nothing added, when the message would get longer than `limit`. Nothing
   * is added either when the value cannot be written, which throws.
   */
  add(operation: Operation, value: unknown, limit: number): number | null {
    const sink = this.#sink;
    const at = sink.length;
    sink.u32(operation.number);
    try {
      operation.res.write(sink, value);
    } catch (error) {
      sink.truncate(at);
      throw error;
    }
    if (this.messageLength > limit) {
      sink.truncate(at);
      return null;
    }
    return this.#counted(sink.u32At(at + 4));
  }

  /** Adds a result that is nothing but an error. */
  addError(operation: number, status: number): void {
    this.#sink.u32(operation);
    this.#sink.u32(status);
    // SETATTR4res is a struct: what was set is said on errors too. RFC 8881 §18.30.2
    if (operation === OP_SETATTR) this.#sink.u32(0);
    this.#counted(status);
  }

  /** An error of the compound as a whole: no result says it. RFC 8881 §16.2.4 */
  fail(status: number): void {
    this.#status = status;
  }

  /** COMPOUND4res, as a copy. */
  body(): Uint8Array {
    this.#patch();
    return this.#sink.view().slice(this.#bodyAt);
  }

  /** The whole record, in pieces. The writer is done with. */
  record(): readonly Uint8Array[] {
    this.#patch();
    this.#sink.patch(0, (0x8000_0000 | this.messageLength) >>> 0);
    return this.#sink.pieces();
  }

  #counted(status: number): number {
    this.#count++;
    this.#status = status;
    return status;
  }

  #patch(): void {
    this.#sink.patch(this.#bodyAt, this.#status);
    this.#sink.patch(this.#countAt, this.#count);
  }
}

/** A record whose COMPOUND4res is already there: a reply from the cache. */
export function replayRecord(xid: number, body: Uint8Array): Uint8Array {
  const sink = new Sink(body.length + 64);
  writeRecordMark(sink, 0);
  writeReply(sink, { xid, acceptStat: SUCCESS });
  sink.raw(body);
  sink.patch(0, (0x8000_0000 | (sink.length - RECORD_MARK_BYTES)) >>> 0);
  return sink.view();
}
