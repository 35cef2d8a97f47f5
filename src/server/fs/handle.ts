import { NFS4ERR_BADHANDLE } from "../../nfs4/constants.ts";
import { refuse } from "../refusal.ts";

const HANDLE_BYTES = 16;
const MAGIC = 0x5353_4648;

/** The filehandle of an inode: the same before and after a restart. */
export function handleOf(id: number): Uint8Array {
  const handle = new Uint8Array(HANDLE_BYTES);
  const words = new DataView(handle.buffer);
  words.setUint32(0, MAGIC);
  words.setBigUint64(4, BigInt(id));
  words.setUint32(12, check(words));
  return handle;
}

/** The inode number in a filehandle; BADHANDLE when it is none of this server's making. */
export function idOf(handle: Uint8Array): number {
  if (handle.length !== HANDLE_BYTES) refuse(NFS4ERR_BADHANDLE);
  const words = new DataView(handle.buffer, handle.byteOffset);
  if (words.getUint32(0) !== MAGIC || words.getUint32(12) !== check(words)) refuse(NFS4ERR_BADHANDLE);
  return Number(words.getBigUint64(4));
}

/** Tells damage apart from handles of objects that are gone: both halves of the inode number count. */
function check(words: DataView): number {
  const mixed = Math.imul(words.getUint32(4), 0x85eb_ca6b) ^ words.getUint32(8);
  return Math.imul(mixed, 0x9e37_79b1) >>> 0;
}
