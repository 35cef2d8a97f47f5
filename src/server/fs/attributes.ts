import { change_attr_type4 } from "../../nfs4/attribute-types.ts";
import { ATTRIBUTES, type AttributeName, type AttributeValues, attributeNumbered } from "../../nfs4/attributes.ts";
import { NFS4_OK } from "../../nfs4/constants.ts";
import type { fattr4, nfstime4 } from "../../nfs4/types.ts";
import { Sink } from "../../xdr/sink.ts";
import { bitsOf, wordsOf } from "../../xdr/types.ts";
import { FILE_BYTES_MAX } from "./file-data.ts";
import { type FileSystem, LINKS_MAX } from "./file-system.ts";
import type { Inode } from "./inode.ts";
import { NAME_BYTES_MAX } from "./names.ts";

const NANOS_PER_SECOND = 1_000_000_000n;
/** FH4_PERSISTENT */
const PERSISTENT = 0;
const FSID = { major: 0x736c_6f74n, minor: 1n };
const TIME_DELTA = { seconds: 0n, nseconds: 1 };

/** What attributes are read from. */
export interface AttributeSource {
  readonly inode: Inode;
  readonly fileSystem: FileSystem;
  readonly leaseSeconds: number;
  readonly minorVersion: number;
}

type Readers = { readonly [K in AttributeName]?: (source: AttributeSource) => NonNullable<AttributeValues[K]> };

/** Nanoseconds since 1970 as the protocol has them: before 1970 too, nseconds count forward. RFC 8881 §3.3.1 */
export function timeOf(nanos: bigint): nfstime4 {
  const nseconds = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return { seconds: (nanos - nseconds) / NANOS_PER_SECOND, nseconds: Number(nseconds) };
}

/** And back. */
export function nanosOf({ seconds, nseconds }: nfstime4): bigint {
  return seconds * NANOS_PER_SECOND + BigInt(nseconds);
}

/** Attributes that can be set, and with what: some are only written, under a name of their own. RFC 8881 §5.5 */
export const SETTABLE: readonly AttributeName[] = [
  "size",
  "mode",
  "owner",
  "owner_group",
  "time_access_set",
  "time_modify_set",
];

/** Every attribute that can be read here. RFC 8881 §5.8 */
const READERS: Readers = {
  supported_attrs: ({ minorVersion }) => supportedAttributes(minorVersion),
  type: ({ inode }) => inode.type,
  fh_expire_type: () => PERSISTENT,
  change: ({ inode }) => inode.change,
  size: ({ inode }) => BigInt(inode.size),
  link_support: () => true,
  symlink_support: () => true,
  named_attr: () => false,
  fsid: () => FSID,
  unique_handles: () => true,
  lease_time: ({ leaseSeconds }) => leaseSeconds,
  rdattr_error: () => NFS4_OK,
  cansettime: () => true,
  case_insensitive: () => false,
  case_preserving: () => true,
  chown_restricted: () => true,
  filehandle: ({ inode, fileSystem }) => fileSystem.handleOf(inode),
  fileid: ({ inode }) => BigInt(inode.id),
  files_avail: ({ fileSystem }) => freeInodes(fileSystem),
  files_free: ({ fileSystem }) => freeInodes(fileSystem),
  files_total: ({ fileSystem }) => BigInt(fileSystem.limits.inodesMax),
  homogeneous: () => true,
  maxfilesize: () => BigInt(FILE_BYTES_MAX),
  maxlink: () => LINKS_MAX,
  maxname: () => NAME_BYTES_MAX,
  maxread: ({ fileSystem }) => BigInt(fileSystem.limits.bulkBytesMax),
  maxwrite: ({ fileSystem }) => BigInt(fileSystem.limits.bulkBytesMax),
  mode: ({ inode }) => inode.mode,
  no_trunc: () => true,
  numlinks: ({ inode }) => inode.linkCount,
  owner: ({ inode }) => String(inode.uid),
  owner_group: ({ inode }) => String(inode.gid),
  rawdev: ({ inode }) => inode.device,
  space_avail: ({ fileSystem }) => BigInt(fileSystem.space.free),
  space_free: ({ fileSystem }) => BigInt(fileSystem.space.free),
  space_total: ({ fileSystem }) => BigInt(fileSystem.space.bytesMax),
  space_used: ({ inode }) => BigInt(inode.spaceUsed),
  time_access: ({ inode }) => timeOf(inode.accessedAt),
  time_create: ({ inode }) => timeOf(inode.createdAt),
  time_delta: () => TIME_DELTA,
  time_metadata: ({ inode }) => timeOf(inode.changedAt),
  time_modify: ({ inode }) => timeOf(inode.modifiedAt),
  mounted_on_fileid: ({ inode }) => BigInt(inode.id),
  suppattr_exclcreat: () => EXCLUSIVE_CREATE,
  change_attr_type: () => change_attr_type4.table.NFS4_CHANGE_TYPE_IS_VERSION_COUNTER as number,
};

/** A later minor version's attributes are not for the sessions of an earlier one. */
const FIRST_V42 = ATTRIBUTES.clone_blksize.number;

const readers: ((source: AttributeSource) => unknown)[] = [];
for (const [name, read] of Object.entries(READERS)) {
  readers[ATTRIBUTES[name as AttributeName].number] = read as (source: AttributeSource) => unknown;
}

/** An exclusive create keeps its verifier in no attribute, so all that can be set may come with it. RFC 8881 §5.8.1.14 */
const EXCLUSIVE_CREATE = wordsOf(SETTABLE.map((name) => ATTRIBUTES[name].number).sort((a, b) => a - b));

/** Attributes are written there first: their length comes before them. */
const scratch = new Sink();
const supportedByMinor = new Map<number, number[]>();

/** Attributes that can be read or set in a minor version. */
export function supportedAttributes(minorVersion: number): number[] {
  let words = supportedByMinor.get(minorVersion);
  if (words === undefined) {
    const numbers = new Set([...Object.keys(readers).map(Number), ...SETTABLE.map((name) => ATTRIBUTES[name].number)]);
    words = wordsOf([...numbers].filter((number) => isIn(number, minorVersion)));
    supportedByMinor.set(minorVersion, words);
  }
  return words;
}

function isIn(number: number, minorVersion: number): boolean {
  return number < FIRST_V42 || minorVersion >= 2;
}

/** The attributes asked for, as far as there are any. RFC 8881 §5.5: others are left out silently. */
export function encodeAttributes(source: AttributeSource, wanted: readonly number[]): fattr4 {
  const sink = scratch.clear();
  const given: number[] = [];
  for (const number of bitsOf(wanted)) {
    const read = readers[number];
    const attribute = attributeNumbered(number);
    if (read === undefined || attribute === undefined || !isIn(number, source.minorVersion)) continue;
    attribute.type.write(sink, read(source));
    given.push(number);
  }
  return { attrmask: wordsOf(given), attr_vals: sink.finish() };
}

/** The attribute can be compared with VERIFY: it is there to be read, and says something of the object. */
export function isReadable(number: number, minorVersion: number): boolean {
  return readers[number] !== undefined && isIn(number, minorVersion);
}

function freeInodes({ limits, inodeCount }: FileSystem): bigint {
  return BigInt(Math.max(0, limits.inodesMax - inodeCount));
}
