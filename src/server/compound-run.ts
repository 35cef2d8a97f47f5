import {
  isOperation,
  NFS4_OK,
  NFS4ERR_BADXDR,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_SERVERFAULT,
  OP_ILLEGAL,
} from "../nfs4/constants.ts";
import { operationOf } from "../nfs4/op-table.ts";
import type { ForeOperation } from "../nfs4/operation.ts";
import { type PositionFault, positionFault } from "../session/compound-position.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import type { CompoundCall } from "./compound-call.ts";
import type { CompoundContext } from "./context.ts";
import type { Handler, MaybePromise } from "./handler.ts";
import { Refusal } from "./refusal.ts";
import { ERROR_RESULT_BYTES, leastRoom, type ReplyWriter } from "./reply-writer.ts";
import type { ReplyLimits } from "./sequence.ts";

const cursor = new Cursor();

/** What the server executes, by operation number, and where it tells of its own mistakes. */
export interface Machine {
  readonly handlers: ReadonlyMap<number, Handler>;
  /** An exception that no handler should throw. */
  readonly broken: (operation: ForeOperation, error: unknown) => void;
}

/** Executes the operations of one compound in order, up to the first that fails. RFC 8881 §16.2.3 */
export class CompoundRun {
  readonly #machine: Machine;
  readonly #call: CompoundCall;
  readonly #context: CompoundContext;
  readonly #writer: ReplyWriter;
  readonly #limits: ReplyLimits;
  readonly #fault: PositionFault | null;

  constructor(
    machine: Machine,
    call: CompoundCall,
    context: CompoundContext,
    writer: ReplyWriter,
    limits: ReplyLimits,
  ) {
    this.#machine = machine;
    this.#call = call;
    this.#context = context;
    this.#writer = writer;
    this.#limits = limits;
    this.#fault = positionFault(call.ops, call.ops.length, call.minorVersion);
  }

  /** Executes from operation `from` on. A promise only where an operation has to wait. */
  run(from: number): MaybePromise<void> {
    const { ops, brokenOp } = this.#call;
    for (let index = from; index < ops.length; index++) {
      const outcome = this.#step(index);
      if (outcome instanceof Promise) {
        return outcome.then((goesOn) => (goesOn ? this.run(index + 1) : undefined));
      }
      if (!outcome) return;
    }
    if (brokenOp >= 0) this.#break(brokenOp);
  }

  /** True when the next operation may follow. */
  #step(index: number): MaybePromise<boolean> {
    const number = this.#call.ops[index] as number;
    const operation = operationOf(number);
    if (operation === undefined || !isOperation(number, this.#call.minorVersion)) {
      return this.#refuse(OP_ILLEGAL, NFS4ERR_OP_ILLEGAL);
    }
    if (this.#fault?.index === index) return this.#refuse(number, this.#fault.status);
    const handler = this.#machine.handlers.get(number);
    if (handler === undefined) return this.#refuse(number, NFS4ERR_NOTSUPP);
    const room = this.#limits.bytes - this.#writer.messageLength - this.#reserve(index);
    if (room < leastRoom(number)) return this.#refuse(number, this.#limits.status);
    this.#context.index = index;
    this.#context.room = room;
    try {
      const args = operation.args.read(
        cursor.reset(this.#call.message, this.#startOf(index), this.#call.message.length),
      );
      const value = handler.run(this.#context, args);
      if (value instanceof Promise) {
        return value.then(
          (later) => this.#finish(operation, later, room),
          (error) => this.#caught(operation, error),
        );
      }
      return this.#finish(operation, value, room);
    } catch (error) {
      return this.#caught(operation, error);
    }
  }

  #startOf(index: number): number {
    return this.#call.starts[index] as number;
  }

  /** Room for the next operation to say at least that it failed. */
  #reserve(index: number): number {
    return index + 1 < this.#call.declaredOps ? ERROR_RESULT_BYTES : 0;
  }

  #finish(operation: ForeOperation, value: unknown, room: number): boolean {
    let status: number | null;
    try {
      status = this.#writer.add(operation, value, this.#writer.messageLength + room);
    } catch (error) {
      return this.#broken(operation, error);
    }
    if (status === null) return this.#refuse(operation.number, this.#limits.status);
    return status === NFS4_OK;
  }

  #caught(operation: ForeOperation, error: unknown): boolean {
    if (error instanceof Refusal) return this.#refuse(operation.number, error.status);
    if (error instanceof XdrError) return this.#refuse(operation.number, NFS4ERR_BADXDR);
    return this.#broken(operation, error);
  }

  #broken(operation: ForeOperation, error: unknown): false {
    this.#machine.broken(operation, error);
    return this.#refuse(operation.number, NFS4ERR_SERVERFAULT);
  }

  /** The operation that the bytes do not hold whole, or that is none. */
  #break(number: number): void {
    const isKnown = isOperation(number, this.#call.minorVersion) && operationOf(number) !== undefined;
    if (isKnown) this.#refuse(number, NFS4ERR_BADXDR);
    else this.#refuse(OP_ILLEGAL, NFS4ERR_OP_ILLEGAL);
  }

  #refuse(number: number, status: number): false {
    this.#writer.addError(number, status);
    return false;
  }
}
