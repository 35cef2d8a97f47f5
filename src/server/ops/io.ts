import { NFS4_OK, NFS4ERR_FBIG, NFS4ERR_LOCKED } from "../../nfs4/constants.ts";
import { COMMIT4args, COMMIT4res, READ4args, READ4res, WRITE4args, WRITE4res } from "../../nfs4/ops/io.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import { stable_how4 } from "../../nfs4/write-response.ts";
import { payloadOf } from "../../xdr/payload.ts";
import type { CompoundContext } from "../context.ts";
import { MAY, requirePermission } from "../fs/access.ts";
import { FILE_BYTES_MAX } from "../fs/file-data.ts";
import type { Inode } from "../fs/inode.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { bulkBytesMax } from "../options.ts";
import { refuse } from "../refusal.ts";
import { specialKind } from "../state/special-stateid.ts";
import { afterYield } from "./after-yield.ts";

const { FILE_SYNC4 } = stable_how4.table as Record<"FILE_SYNC4", number>;
/** Operation number, status, eof, length, and padding of the data. */
const BESIDE_DATA_BYTES = 19;
const SET_ID_BITS = 0o6000;

/** An offset within any file; beyond it there is nothing. */
export function offsetOf(offset: bigint): number {
  return offset > BigInt(FILE_BYTES_MAX) ? FILE_BYTES_MAX : Number(offset);
}

/** Where data is to go; FBIG beyond what a file can hold. */
export function writeOffsetOf(offset: bigint, length: bigint): number {
  return offset + length > BigInt(FILE_BYTES_MAX) ? refuse(NFS4ERR_FBIG) : Number(offset);
}

function read(context: CompoundContext, { stateid, offset, count }: READ4args): READ4res {
  const { current, services, room } = context;
  requireReadable(context, current, stateid);
  const { data } = current;
  // A reply that would get too long is cut short: the client asks for the rest. RFC 8881 §18.22.3
  const most = Math.min(count, bulkBytesMax(services.options), Math.max(0, room - BESIDE_DATA_BYTES));
  const from = offsetOf(offset);
  const bytes = data.read(from, most);
  current.accessedAt = services.fileSystem.now;
  return { status: NFS4_OK, resok4: { eof: from + bytes.length >= data.size, data: payloadOf(bytes) } };
}

function write(context: CompoundContext, args: WRITE4args): MaybePromise<WRITE4res> {
  const { current, services } = context;
  const { stateid, offset, data } = args;
  const at = writeOffsetOf(offset, BigInt(data.length));
  const put = (): WRITE4res => {
    current.data.write(at, data.bytes);
    if (data.length > 0) written(current, services.fileSystem.now);
    // What is written stays until the program ends, over restarts of the server within it.
    const resok4 = { count: data.length, committed: FILE_SYNC4, writeverf: services.writeVerifier };
    return { status: NFS4_OK, resok4 };
  };
  return afterYield(context, [current], put, () => requireWritable(context, current, stateid));
}

/** The stateid allows reading the file. Without an open the mode decides, as nobody has looked at it yet. */
export function requireReadable(context: CompoundContext, inode: Inode, stateid: stateid4): void {
  void inode.data;
  context.services.states.check(context, inode, stateid, "read");
  if (isOpenless(stateid)) requirePermission(inode, context.user, MAY.read);
}

/** The same for writing; `denied`: the status where an open denies it. */
export function requireWritable(
  context: CompoundContext,
  inode: Inode,
  stateid: stateid4,
  denied = NFS4ERR_LOCKED,
): void {
  void inode.data;
  context.services.states.check(context, inode, stateid, "write", denied);
  if (isOpenless(stateid)) requirePermission(inode, context.user, MAY.write);
}

function isOpenless(stateid: stateid4): boolean {
  const kind = specialKind(stateid);
  return kind === "anonymous" || kind === "bypass";
}

/** New contents do not run as anybody else. */
export function written(inode: Inode, now: bigint): void {
  inode.mode &= ~SET_ID_BITS;
  inode.modified(now);
}

/** Reading and writing. */
export const ioHandlers = [
  handler("READ", READ4args, READ4res, read),
  handler("WRITE", WRITE4args, WRITE4res, write),
  handler("COMMIT", COMMIT4args, COMMIT4res, ({ current, services }) => {
    void current.data;
    return { status: NFS4_OK, resok4: { writeverf: services.writeVerifier } };
  }),
];
