import {
  NFS4_OK,
  NFS4ERR_BADTYPE,
  NFS4ERR_INVAL,
  NFS4ERR_NOENT,
  NFS4ERR_NOTDIR,
  NFS4ERR_NOTSUPP,
  NFS4ERR_PERM,
  NFS4ERR_SYMLINK,
  NFS4ERR_WRONG_TYPE,
} from "../../nfs4/constants.ts";
import {
  CREATE4args,
  CREATE4res,
  LINK4args,
  LINK4res,
  LOOKUP4args,
  LOOKUP4res,
  LOOKUPP4res,
  OPENATTR4args,
  OPENATTR4res,
  READLINK4res,
  REMOVE4args,
  REMOVE4res,
  RENAME4args,
  RENAME4res,
} from "../../nfs4/ops/namespace.ts";
import { voidType } from "../../xdr/types.ts";
import type { CompoundContext } from "../context.ts";
import { MAY, requireChangeable, requirePermission, requireRemoval } from "../fs/access.ts";
import { type Inode, NF4BLK, NF4CHR, NF4DIR, NF4FIFO, NF4LNK, NF4SOCK } from "../fs/inode.ts";
import { checkTarget } from "../fs/names.ts";
import { applyChange, readChange } from "../fs/set-attributes.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { afterYield } from "./after-yield.ts";

const CREATABLE = new Set([NF4BLK, NF4CHR, NF4DIR, NF4FIFO, NF4LNK, NF4SOCK]);
const DEVICES = new Set([NF4BLK, NF4CHR]);
const MODE_DEFAULT = 0o755;
const SUPER_USER = 0;

/** The object of a name, for those who may look into the directory. */
function lookup({ user, services }: CompoundContext, directory: Inode, name: string): Inode {
  if (directory.isDirectory) requirePermission(directory, user, MAY.execute);
  return services.fileSystem.lookup(directory, name);
}

/** CREATE: everything but regular files, which are OPEN's. RFC 8881 §18.4 */
function create(context: CompoundContext, { objtype, objname, createattrs }: CREATE4args) {
  const { current, user, services } = context;
  const { fileSystem } = services;
  if (!CREATABLE.has(objtype.type)) refuse(NFS4ERR_BADTYPE);
  if (!current.isDirectory) refuse(NFS4ERR_NOTDIR);
  requirePermission(current, user, MAY.write | MAY.execute);
  if (DEVICES.has(objtype.type) && user.uid !== SUPER_USER) refuse(NFS4ERR_PERM);
  if (objtype.linkdata !== undefined) checkTarget(objtype.linkdata);
  const wanted = readChange(createattrs, context.minorVersion);
  // A size is no attribute of what is made here.
  if (wanted.size !== null) refuse(NFS4ERR_INVAL);
  const seed = {
    type: objtype.type,
    mode: wanted.mode ?? MODE_DEFAULT,
    uid: user.uid,
    gid: user.gid,
    ...(objtype.linkdata === undefined ? {} : { target: objtype.linkdata }),
    ...(objtype.devdata === undefined ? {} : { device: objtype.devdata }),
  };
  const { inode, change } = fileSystem.create(current, objname, seed);
  settle(
    () => applyChange(inode, wanted, user, fileSystem.now),
    () => fileSystem.remove(current, objname),
  );
  context.setCurrent(inode);
  return { status: NFS4_OK, resok4: { cinfo: change, attrset: wanted.mask } };
}

/** Does the rest of something, and takes the whole back when that fails. */
function settle(act: () => void, undo: () => void): void {
  try {
    act();
  } catch (error) {
    undo();
    throw error;
  }
}

function remove(context: CompoundContext, name: string): MaybePromise<CompoundRemoved> {
  const { current, user, services } = context;
  const inode = lookup(context, current, name);
  requireRemoval(current, inode, user);
  return afterYield(context, [inode], () => {
    const cinfo = services.fileSystem.remove(current, name);
    return { status: NFS4_OK, resok4: { cinfo } };
  });
}

type CompoundRemoved = {
  status: number;
  resok4: { cinfo: ReturnType<CompoundContext["services"]["fileSystem"]["remove"]> };
};

function rename(context: CompoundContext, { oldname, newname }: RENAME4args) {
  const { saved, current, user, services } = context;
  const { fileSystem } = services;
  if (!current.isDirectory || !saved.isDirectory) refuse(NFS4ERR_NOTDIR);
  const inode = lookup(context, saved, oldname);
  requireRemoval(saved, inode, user);
  requirePermission(current, user, MAY.write | MAY.execute);
  const replaced = fileSystem.find(current, newname);
  if (replaced !== null) requireRemoval(current, replaced, user);
  return afterYield(context, replaced === null ? [inode] : [inode, replaced], () => {
    const { source, target } = fileSystem.rename(saved, oldname, current, newname);
    return { status: NFS4_OK, resok4: { source_cinfo: source, target_cinfo: target } };
  });
}

function link(context: CompoundContext, name: string) {
  const { saved, current, user, services } = context;
  requireChangeable(saved);
  requirePermission(current, user, MAY.write | MAY.execute);
  return afterYield(context, [saved], () => {
    const cinfo = services.fileSystem.link(saved, current, name);
    return { status: NFS4_OK, resok4: { cinfo } };
  });
}

/** Names: looking them up, making and removing them. */
export const namespaceHandlers = [
  handler("LOOKUP", LOOKUP4args, LOOKUP4res, (context, { objname }) => {
    const { current } = context;
    if (current.isSymbolicLink) refuse(NFS4ERR_SYMLINK);
    context.setCurrent(lookup(context, current, objname));
    return { status: NFS4_OK };
  }),
  handler("LOOKUPP", voidType, LOOKUPP4res, (context) => {
    const { current } = context;
    if (!current.isDirectory) refuse(current.isSymbolicLink ? NFS4ERR_SYMLINK : NFS4ERR_NOTDIR);
    requirePermission(current, context.user, MAY.execute);
    // Nothing is above the root. RFC 8881 §18.14.3
    if (current.parent === current) refuse(NFS4ERR_NOENT);
    context.setCurrent(current.parent);
    return { status: NFS4_OK };
  }),
  handler("CREATE", CREATE4args, CREATE4res, create),
  handler("LINK", LINK4args, LINK4res, (context, { newname }) => link(context, newname)),
  handler("REMOVE", REMOVE4args, REMOVE4res, (context, { target }) => remove(context, target)),
  handler("RENAME", RENAME4args, RENAME4res, rename),
  handler("READLINK", voidType, READLINK4res, ({ current }) => {
    if (!current.isSymbolicLink) refuse(NFS4ERR_WRONG_TYPE);
    return { status: NFS4_OK, resok4: { link: current.target } };
  }),
  // There are no named attributes. RFC 8881 §18.17.3
  handler("OPENATTR", OPENATTR4args, OPENATTR4res, () => refuse(NFS4ERR_NOTSUPP)),
];
