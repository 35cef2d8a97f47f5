import { NFS4ERR_BAD_COOKIE, NFS4ERR_NOT_SAME, NFS4ERR_TOOSMALL } from "../../nfs4/constants.ts";
import type { dirlist4, entry4, READDIR4args } from "../../nfs4/ops/readdir.ts";
import { bytesOf } from "../../xdr/text.ts";
import type { ValueOf } from "../../xdr/types.ts";
import { refuse } from "../refusal.ts";
import { type AttributeSource, encodeAttributes } from "./attributes.ts";
import type { Inode } from "./inode.ts";

/** Cookies of `.` and `..`, and none of ours. RFC 8881 §18.23.3 */
const RESERVED_COOKIES = [1n, 2n];
/** Verifier, the end of the list and eof. */
const LIST_BYTES = 16;
/** value_follows, cookie, length of the name, mask length, length of the values. */
const ENTRY_BYTES = 24;
/** Cookies stay true over changes and restarts: the verifier never changes. */
const VERIFIER = new Uint8Array([0x73, 0x6c, 0x6f, 0x74, 0, 0, 0, 1]);
const NO_VERIFIER = 0n;

export interface DirectoryPage {
  readonly verifier: Uint8Array;
  readonly list: ValueOf<typeof dirlist4>;
}

/**
 * A page of a directory, no longer than maxcount and `room` bytes. One name is in it even where `room` does not suffice:
 * that the reply gets too big is not maxcount's fault, and the caller's to say. RFC 8881 §18.23
 */
export function readPage(
  directory: Inode,
  args: READDIR4args,
  source: Omit<AttributeSource, "inode">,
  room: number,
): DirectoryPage {
  const { cookie, cookieverf, maxcount, attr_request } = args;
  if (RESERVED_COOKIES.includes(cookie) || cookie > BigInt(Number.MAX_SAFE_INTEGER)) refuse(NFS4ERR_BAD_COOKIE);
  const given = new DataView(cookieverf.buffer, cookieverf.byteOffset).getBigUint64(0);
  if (cookie !== 0n && given !== NO_VERIFIER && !isOurs(cookieverf)) refuse(NFS4ERR_NOT_SAME);
  const bytesMax = Math.min(maxcount, room);
  const entries: entry4[] = [];
  let bytes = LIST_BYTES;
  for (const { name, cookie: place, inode } of directory.directory.after(Number(cookie))) {
    const attrs = encodeAttributes({ ...source, inode }, attr_request);
    bytes += entryBytes(name, attrs);
    if (bytes > bytesMax && entries.length > 0) return { verifier: VERIFIER, list: { entries, eof: false } };
    // Not even one: the client would ask for ever.
    if (bytes > maxcount) refuse(NFS4ERR_TOOSMALL);
    entries.push({ cookie: BigInt(place), name, attrs });
  }
  if (bytes > maxcount) refuse(NFS4ERR_TOOSMALL);
  return { verifier: VERIFIER, list: { entries, eof: true } };
}

function isOurs(verifier: Uint8Array): boolean {
  return VERIFIER.every((byte, index) => verifier[index] === byte);
}

function entryBytes(name: string, { attrmask, attr_vals }: entry4["attrs"]): number {
  return ENTRY_BYTES + padded(bytesOf(name).length) + 4 * attrmask.length + padded(attr_vals.length);
}

function padded(length: number): number {
  return length + (-length & 3);
}
