import type { Cursor } from "../xdr/cursor.ts";
import { skipPadded } from "../xdr/opaque.ts";
import { follow, NOWHERE, SkipStep } from "../xdr/skip-step.ts";
import { stepsOver, type Type } from "../xdr/type.ts";
import { wordView } from "../xdr/word-view.ts";
import { callbackOperations } from "./callback-table.ts";
import { COMPOUND_OPS_MAX, type Compound, type CompoundKind } from "./compound.ts";
import { operations } from "./op-table.ts";
import type { Operation } from "./operation.ts";

/** Numbers below this are looked up in an array; only OP_ILLEGAL and OP_CB_ILLEGAL lie above. */
const DENSE_OPERATIONS = 128;

/** How to skip the arguments or the result of one operation. */
interface Skim {
  readonly type: Type<unknown>;
  readonly steps: SkipStep | null;
}

/** The operations of one direction of one channel, by number. */
class SkimTable {
  private readonly types: ReadonlyMap<number, Type<unknown>>;
  /** Made when the operation first comes, most never do. */
  private readonly dense: (Skim | undefined)[] = new Array(DENSE_OPERATIONS).fill(undefined);

  constructor(list: readonly Operation[], typeOf: (operation: Operation) => Type<unknown>) {
    this.types = new Map(list.map((operation) => [operation.number, typeOf(operation)]));
  }

  /** Undefined if the number is no operation. */
  of(op: number): Skim | undefined {
    return (op >= 0 && op < DENSE_OPERATIONS ? this.dense[op] : undefined) ?? this.find(op);
  }

  private find(op: number): Skim | undefined {
    const type = this.types.get(op);
    if (type === undefined) return undefined;
    const skim = { type, steps: stepsOver(type, SkipStep.end) };
    if (op < DENSE_OPERATIONS) this.dense[op] = skim;
    return skim;
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
  followOperations(cursor, into, most, table, isReply);
  for (let i = into.count; i < most; i++) {
    const op = cursor.u32();
    if (cursor.hasFailed) return;
    const skim = table.of(op);
    if (skim === undefined) {
      into.unknownOp = op;
      return;
    }
    const at = cursor.offset;
    into.ops[i] = op;
    into.starts[i] = at;
    skim.type.skip(cursor);
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

/** The operations up to the first that steps do not lead over: nearly always all of them. */
function followOperations(cursor: Cursor, into: Compound, most: number, table: SkimTable, isReply: boolean): void {
  const { ops, starts, ends, statuses } = into;
  const { limit } = cursor;
  const words = wordView(cursor.bytes);
  let at = cursor.offset;
  let count = 0;
  while (count < most && at + 4 <= limit) {
    const op = words.getInt32(at);
    const start = at + 4;
    const skim = table.of(op);
    const end = skim === undefined ? NOWHERE : follow(words, start, limit, skim.steps);
    if (end === NOWHERE) break;
    ops[count] = op;
    starts[count] = start;
    ends[count] = end;
    if (isReply) statuses[count] = words.getInt32(start);
    at = end;
    count++;
  }
  cursor.offset = at;
  into.end = at;
  into.count = count;
}

/** Every result begins with its status. It is known even where the rest of the result is cut off. */
function noteStatus(cursor: Cursor, into: Compound, index: number, at: number): void {
  if (at + 4 > cursor.end) return;
  const status = wordView(cursor.bytes).getUint32(at);
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
