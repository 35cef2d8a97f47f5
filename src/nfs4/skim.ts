import type { Cursor } from "../xdr/cursor.ts";
import { skipPadded } from "../xdr/opaque.ts";
import type { Type } from "../xdr/types.ts";
import { callbackOperations } from "./callback-table.ts";
import { COMPOUND_OPS_MAX, type Compound, type CompoundKind } from "./compound.ts";
import { operations } from "./op-table.ts";
import type { Operation } from "./operation.ts";

/** Numbers below this are looked up in an array; only OP_ILLEGAL and OP_CB_ILLEGAL lie above. */
const DENSE_OPERATIONS = 128;

/** The types of one direction of one channel by operation number, in the shape the skim wants. */
class SkimTable {
  readonly dense: (Type<unknown> | null)[] = [];
  /** Bytes of those that always have the same; -1 for the others and for numbers that are no operation. */
  readonly sizes = new Int32Array(DENSE_OPERATIONS).fill(-1);
  readonly sparse = new Map<number, Type<unknown>>();

  constructor(list: readonly Operation[], typeOf: (operation: Operation) => Type<unknown>) {
    for (let i = 0; i < DENSE_OPERATIONS; i++) this.dense.push(null);
    for (const operation of list) {
      const type = typeOf(operation);
      if (operation.number >= DENSE_OPERATIONS) {
        this.sparse.set(operation.number, type);
      } else {
        this.dense[operation.number] = type;
        this.sizes[operation.number] = type.fixedSize ?? -1;
      }
    }
  }
}

const callTable = new SkimTable(operations, ({ args }) => args);
const replyTable = new SkimTable(operations, ({ res }) => res);
const callbackCallTable = new SkimTable(callbackOperations, ({ args }) => args);
const callbackReplyTable = new SkimTable(callbackOperations, ({ res }) => res);

function begin(cursor: Cursor, into: Compound, kind: CompoundKind): void {
  into.clear(kind, cursor.offset);
  cursor.isQuiet = true;
  cursor.payloadCount = 0;
}

function skimTag(cursor: Cursor, into: Compound): void {
  const length = cursor.u32();
  into.tagOffset = cursor.offset;
  skipPadded(cursor, length);
  if (!cursor.hasFailed) into.tagLength = length;
}

function skimOperations(cursor: Cursor, into: Compound, table: SkimTable, isReply: boolean): void {
  const declared = cursor.u32();
  if (cursor.hasFailed) return;
  into.declaredOps = declared;
  into.end = cursor.offset;
  const most = Math.min(declared, COMPOUND_OPS_MAX);
  for (let i = 0; i < most; i++) {
    const op = cursor.u32();
    if (cursor.hasFailed) return;
    const type = op < DENSE_OPERATIONS ? table.dense[op] : (table.sparse.get(op) ?? null);
    if (type === null) {
      into.unknownOp = op;
      return;
    }
    const at = cursor.offset;
    into.ops[i] = op;
    into.starts[i] = at;
    const size = op < DENSE_OPERATIONS ? table.sizes[op] : -1;
    if (size >= 0) cursor.skip(size);
    else type.skip(cursor);
    if (isReply) noteStatus(cursor, into, i, at);
    if (cursor.hasFailed) {
      into.partialOp = op;
      return;
    }
    into.ends[i] = cursor.offset;
    into.end = cursor.offset;
    into.count = i + 1;
  }
  into.omittedOps = declared - most;
}

/** Every result begins with its status. It is known even where the rest of the result is cut off. */
function noteStatus(cursor: Cursor, into: Compound, index: number, at: number): void {
  if (at + 4 > cursor.end) return;
  const bytes = cursor.bytes;
  const status = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
  if (cursor.hasFailed) into.partialStatus = status;
  else into.statuses[index] = status;
}

function finish(cursor: Cursor, into: Compound, isCut: boolean): void {
  const payloads = cursor.payloadCount;
  into.payloadCount = payloads;
  for (let i = 0; i < payloads; i++) {
    into.payloadAt[i] = cursor.payloadAt[i];
    into.payloadLength[i] = cursor.payloadLength[i];
    into.payloadEnd[i] = cursor.payloadEnd[i];
  }
  if (cursor.hasFailed) {
    if (isCut && cursor.isShort) {
      into.truncated = true;
    } else {
      into.error = cursor.failure;
      into.errorOffset = cursor.failedPosition;
    }
  } else if (into.omittedOps === 0) {
    into.trailingBytes = cursor.remaining;
  }
  cursor.isQuiet = false;
}

/**
 * Skims COMPOUND4args at the cursor. `isCut` says that the capture ends before the record does: running out of bytes
 * is then no error. Nothing is thrown, nothing allocated; the cursor ends behind the compound or at the trouble.
 */
export function skimCall(cursor: Cursor, into: Compound, isCut: boolean): void {
  begin(cursor, into, "call");
  skimTag(cursor, into);
  const minorVersion = cursor.u32();
  if (!cursor.hasFailed) into.minorVersion = minorVersion;
  skimOperations(cursor, into, callTable, false);
  finish(cursor, into, isCut);
}

/** Skims COMPOUND4res; see skimCall. */
export function skimReply(cursor: Cursor, into: Compound, isCut: boolean): void {
  begin(cursor, into, "reply");
  into.status = cursor.u32();
  skimTag(cursor, into);
  skimOperations(cursor, into, replyTable, true);
  finish(cursor, into, isCut);
}

/** Skims CB_COMPOUND4args; see skimCall. */
export function skimCallbackCall(cursor: Cursor, into: Compound, isCut: boolean): void {
  begin(cursor, into, "callback-call");
  skimTag(cursor, into);
  const minorVersion = cursor.u32();
  if (!cursor.hasFailed) into.minorVersion = minorVersion;
  into.callbackIdent = cursor.u32();
  skimOperations(cursor, into, callbackCallTable, false);
  finish(cursor, into, isCut);
}

/** Skims CB_COMPOUND4res; see skimCall. */
export function skimCallbackReply(cursor: Cursor, into: Compound, isCut: boolean): void {
  begin(cursor, into, "callback-reply");
  into.status = cursor.u32();
  skimTag(cursor, into);
  skimOperations(cursor, into, callbackReplyTable, true);
  finish(cursor, into, isCut);
}
