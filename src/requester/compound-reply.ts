import { callbackOperationOf } from "../nfs4/callback-table.ts";
import { NFS4_OK, operationName, statusName } from "../nfs4/constants.ts";
import { operationOf } from "../nfs4/op-table.ts";
import type { Operation } from "../nfs4/operation.ts";
import { SEQUENCE4res, type SEQUENCE4resok } from "../nfs4/ops/session.ts";
import { utf8str_cs } from "../nfs4/types.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import type { Type, ValueOf } from "../xdr/types.ts";
import { wordView } from "../xdr/word-view.ts";

/** Results read of one reply: more than any request of ours asks for. */
const RESULTS_MAX = 4096;

/** The result of one operation. Offsets are into the reply's bytes. */
export interface OperationResult {
  readonly number: number;
  readonly name: string;
  readonly status: number;
  readonly operation: Operation;
  readonly value: unknown;
  /** Where its number stands, and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** COMPOUND4res. RFC 8881 §16.2.2 */
export interface CompoundReply {
  readonly status: number;
  readonly tag: string;
  readonly results: readonly OperationResult[];
  /** Why not all could be read; null if it could. */
  readonly trouble: string | null;
  /** The whole of COMPOUND4res as it came. */
  readonly bytes: Uint8Array;
}

/** Reads COMPOUND4res, up to the first thing that cannot be read; never throws. */
export function readReply(bytes: Uint8Array): CompoundReply {
  return read(bytes, operationOf);
}

/** The same of CB_COMPOUND4res. */
export function readCallbackReply(bytes: Uint8Array): CompoundReply {
  return read(bytes, callbackOperationOf);
}

/** The value of the first result of a type: `resultOf(reply, GETFH4res)`. Null where it is not there. */
export function resultOf<R>(reply: CompoundReply, type: Type<R>): R | null {
  const result = reply.results.find(({ operation }) => operation.res === type);
  return result === undefined ? null : (result.value as R);
}

/** The leading SEQUENCE result: its status, and its fields when it is OK. Null in a reply without one. */
export function sequenceOf(reply: CompoundReply): { status: number; resok: SEQUENCE4resok | null } | null {
  const first = reply.results[0];
  if (first?.operation.res !== SEQUENCE4res) return null;
  return { status: first.status, resok: (first.value as ValueOf<typeof SEQUENCE4res>).sr_resok4 ?? null };
}

/** The results in one line: `SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_NOENT`. */
export function replyText(reply: CompoundReply): string {
  const results = reply.results.map(({ name, status }) => `${name} ${shortStatus(status)}`);
  if (results.length === 0) return `${shortStatus(reply.status)}, no results`;
  const last = reply.results.at(-1)!.status;
  const overall = last === reply.status ? [] : [`status of the whole ${shortStatus(reply.status)}`];
  const trouble = reply.trouble === null ? [] : [reply.trouble];
  return [...results, ...overall, ...trouble].join(", ");
}

/** `OK`, or the error as the RFC spells it. */
export function shortStatus(status: number): string {
  return status === NFS4_OK ? "OK" : statusName(status);
}

function read(bytes: Uint8Array, find: (number: number) => Operation | undefined): CompoundReply {
  const cursor = new Cursor().reset(bytes, 0, bytes.length);
  const results: OperationResult[] = [];
  let status = -1;
  let tag = "";
  let trouble: string | null = null;
  try {
    status = cursor.u32();
    tag = utf8str_cs.read(cursor);
    trouble = readResults(cursor, results, find);
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    trouble = `${error.message} at byte ${error.offset}`;
  }
  return { status, tag, results, trouble, bytes };
}

function readResults(
  cursor: Cursor,
  into: OperationResult[],
  find: (number: number) => Operation | undefined,
): string | null {
  const count = cursor.u32();
  if (count > RESULTS_MAX) return `${count} results`;
  for (let index = 0; index < count; index++) {
    const start = cursor.offset;
    const number = cursor.u32();
    const operation = find(number);
    if (operation === undefined) return `a result of ${operationName(number)}`;
    const at = cursor.offset;
    const value = operation.res.read(cursor);
    const status = wordView(cursor.bytes).getUint32(at);
    into.push({ number, name: operation.name, status, operation, value, start, end: cursor.offset });
  }
  return cursor.remaining === 0 ? null : `${cursor.remaining} bytes behind the last result`;
}
