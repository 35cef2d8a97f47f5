import type { OperationValue } from "../../../src/nfs4/compound-writer.ts";
import { NFS4_OK } from "../../../src/nfs4/constants.ts";
import { GETFH4res } from "../../../src/nfs4/ops/filehandle.ts";
import { READ4res } from "../../../src/nfs4/ops/io.ts";
import { OPEN4res } from "../../../src/nfs4/ops/open.ts";
import type { stateid4 } from "../../../src/nfs4/types.ts";
import {
  getAttr,
  getFh,
  lookup,
  openCreate,
  putFh,
  putRootFh,
  read,
  SHARE,
  write,
} from "../../../src/probe/operations.ts";
import { type CompoundReply, replyText, resultOf } from "../../../src/requester/compound-reply.ts";
import type { ManagedSession, SendCompound } from "../../../src/requester/managed-session.ts";

export const BULK_BYTES = 256 * 1024;
const UNSTABLE4 = 0;
const FILE_SYNC4 = 2;

/** A file that one slot works on. */
export interface WorkFile {
  readonly handle: Uint8Array;
  readonly stateid: stateid4;
  /** What it holds. */
  readonly data: Uint8Array;
}

/** What is done again and again. */
export interface Work {
  readonly title: string;
  /** Bulk data of one request. */
  readonly bytes: number;
  readonly operations: (file: WorkFile) => readonly OperationValue[];
}

const bulkWrite = (stable: number) => {
  return ({ handle, stateid, data }: WorkFile) => [putFh(handle), write(data, 0n, stateid, stable)];
};

/** What a Linux client asks for after each change of its own. */
const LINUX_ATTRIBUTES = [
  "type",
  "change",
  "size",
  "fsid",
  "fileid",
  "mode",
  "numlinks",
  "owner",
  "owner_group",
  "space_used",
  "time_access",
  "time_metadata",
  "time_modify",
  "mounted_on_fileid",
] as const;

export const WORKS: Readonly<Record<string, Work>> = {
  getattr: {
    title: "GETATTR",
    bytes: 0,
    operations: ({ handle }) => [putFh(handle), getAttr(...LINUX_ATTRIBUTES)],
  },
  read: {
    title: "READ 256 KiB",
    bytes: BULK_BYTES,
    operations: ({ handle, stateid }) => [putFh(handle), read(BULK_BYTES, 0n, stateid)],
  },
  "write-unstable": {
    title: "WRITE 256 KiB, UNSTABLE4",
    bytes: BULK_BYTES,
    operations: bulkWrite(UNSTABLE4),
  },
  "write-sync": {
    title: "WRITE 256 KiB, FILE_SYNC4",
    bytes: BULK_BYTES,
    operations: bulkWrite(FILE_SYNC4),
  },
};

/** Makes a file for each slot and fills it. Throws when what comes back is not what was written. */
export async function makeFiles(session: ManagedSession, path: readonly string[], count: number): Promise<WorkFile[]> {
  const files: WorkFile[] = [];
  for (let index = 0; index < count; index++) {
    const name = `load-${index}`;
    const opened = await replyTo(session.compound, [
      putRootFh(),
      ...path.map(lookup),
      openCreate(name, { owner: name, access: SHARE.both | SHARE.wantNoDelegation }),
      getFh(),
    ]);
    const handle = resultOf(opened, GETFH4res)!.resok4!.object.slice();
    const { seqid, other } = resultOf(opened, OPEN4res)!.resok4!.stateid;
    const file = { handle, stateid: { seqid, other: other.slice() }, data: contents(index) };
    await replyTo(session.compound, bulkWrite(FILE_SYNC4)(file));
    await verify(session, file);
    files.push(file);
  }
  return files;
}

/** Throws unless the file holds what it should. */
export async function verify({ compound }: ManagedSession, { handle, stateid, data }: WorkFile): Promise<void> {
  const reply = await replyTo(compound, [putFh(handle), read(data.length, 0n, stateid)]);
  const got = resultOf(reply, READ4res)!.resok4!.data.bytes;
  if (Buffer.compare(got, data) !== 0) throw new Error(`the server keeps no data: ${got.length} bytes came back`);
}

async function replyTo(compound: SendCompound, operations: readonly OperationValue[]): Promise<CompoundReply> {
  const outcome = await compound(operations, { cachethis: false });
  if (outcome.kind !== "reply") throw new Error(`no reply: ${JSON.stringify(outcome)}`);
  if (outcome.reply.status !== NFS4_OK) throw new Error(replyText(outcome.reply));
  return outcome.reply;
}

/** Bytes that no other file has. */
function contents(index: number): Uint8Array {
  const data = Buffer.alloc(BULK_BYTES, `contents of file ${index};`);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}
