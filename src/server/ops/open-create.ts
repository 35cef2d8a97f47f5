import { ATTRIBUTES } from "../../nfs4/attributes.ts";
import { NFS4ERR_EXIST, NFS4ERR_INVAL, NFS4ERR_NOENT, NFS4ERR_NOTDIR, NFS4ERR_SYMLINK } from "../../nfs4/constants.ts";
import { createmode4, type OPEN4args, opentype4 } from "../../nfs4/ops/open.ts";
import type { fattr4 } from "../../nfs4/types.ts";
import { wordsOf } from "../../xdr/types.ts";
import type { CompoundContext } from "../context.ts";
import { isOwner, MAY, requirePermission } from "../fs/access.ts";
import { type Inode, NF4REG } from "../fs/inode.ts";
import { applyChange, readChange } from "../fs/set-attributes.ts";
import { refuse } from "../refusal.ts";
import { SHARE_WRITE } from "../state/share-reservations.ts";
import type { OpenTarget } from "./open.ts";

const { UNCHECKED4, GUARDED4 } = createmode4.table as Record<string, number>;
const { OPEN4_CREATE } = opentype4.table as Record<string, number>;
const MODE_DEFAULT = 0o644;
const NO_ATTRIBUTES: fattr4 = { attrmask: [], attr_vals: new Uint8Array(0) };
const SIZE = wordsOf([ATTRIBUTES.size.number]);

/** What OPEN says of the way to make a file, whichever of the four it is. RFC 8881 §18.16.1 */
interface Creation {
  readonly mode: number;
  readonly attributes: fattr4;
  /** Of an exclusive create. */
  readonly verifier: Uint8Array | null;
}

/** The file of a name in the current directory, found or made. RFC 8881 §18.16.3 */
export function createOrFind(context: CompoundContext, args: OPEN4args, name: string): OpenTarget {
  const existing = findFile(context, name);
  const creation = creationOf(args);
  if (existing === null) return creation === null ? refuse(NFS4ERR_NOENT) : make(context, name, creation);
  return creation === null ? unchanged(context, existing) : reuse(context, args, existing, creation);
}

/** What has the name in the current directory, for those who may look into it; null if nothing has. */
export function findFile({ current, user, services }: CompoundContext, name: string): Inode | null {
  if (!current.isDirectory) refuse(current.isSymbolicLink ? NFS4ERR_SYMLINK : NFS4ERR_NOTDIR);
  requirePermission(current, user, MAY.execute);
  return services.fileSystem.find(current, name);
}

function creationOf({ openhow }: OPEN4args): Creation | null {
  if (openhow.opentype !== OPEN4_CREATE) return null;
  const { mode, createattrs, createverf, ch_createboth } = openhow.how ?? refuse(NFS4ERR_INVAL);
  return {
    mode,
    attributes: createattrs ?? ch_createboth?.cva_attrs ?? NO_ATTRIBUTES,
    verifier: createverf ?? ch_createboth?.cva_verf ?? null,
  };
}

function make(context: CompoundContext, name: string, { attributes, verifier }: Creation): OpenTarget {
  const { current, user, services, minorVersion } = context;
  const { fileSystem } = services;
  requirePermission(current, user, MAY.write | MAY.execute);
  const wanted = readChange(attributes, minorVersion);
  const seed = { type: NF4REG, mode: wanted.mode ?? MODE_DEFAULT, uid: user.uid, gid: user.gid };
  const { inode, change } = fileSystem.create(current, name, seed);
  try {
    applyChange(inode, wanted, user, fileSystem.now);
  } catch (error) {
    fileSystem.remove(current, name);
    throw error;
  }
  if (verifier !== null) inode.createVerifier = verifier.slice();
  return { inode, change, attrset: wanted.mask, isCreated: true, isTruncated: false };
}

/** The file is there already: an exclusive create that is only repeated succeeds, an unchecked one may cut it off. */
function reuse(
  context: CompoundContext,
  args: OPEN4args,
  inode: Inode,
  { mode, attributes, verifier }: Creation,
): OpenTarget {
  if (mode === GUARDED4) refuse(NFS4ERR_EXIST);
  const wanted = readChange(attributes, context.minorVersion);
  if (mode !== UNCHECKED4) {
    const { createVerifier } = inode;
    if (verifier === null || createVerifier === null || !isSame(verifier, createVerifier)) refuse(NFS4ERR_EXIST);
    return { ...unchanged(context, inode), attrset: wanted.mask, isCreated: isOwner(inode, context.user) };
  }
  // Of the attributes only a size of 0 counts for a file that exists. §18.16.3
  if (wanted.size !== 0) return unchanged(context, inode);
  if ((args.share_access & SHARE_WRITE) === 0) refuse(NFS4ERR_INVAL);
  return { ...unchanged(context, inode), attrset: SIZE, isTruncated: true };
}

/** The directory stays as it is. */
function unchanged({ current: { change } }: CompoundContext, inode: Inode): OpenTarget {
  const same = { atomic: true, before: change, after: change };
  return { inode, change: same, attrset: [], isCreated: false, isTruncated: false };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, index) => byte === right[index]);
}
