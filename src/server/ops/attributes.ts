import { ATTRIBUTES } from "../../nfs4/attributes.ts";
import {
  NFS4_OK,
  NFS4ERR_ATTRNOTSUPP,
  NFS4ERR_INVAL,
  NFS4ERR_NOT_SAME,
  NFS4ERR_SAME,
  NFS4ERR_WRONG_TYPE,
} from "../../nfs4/constants.ts";
import {
  ACCESS4args,
  ACCESS4res,
  GETATTR4args,
  GETATTR4res,
  NVERIFY4args,
  NVERIFY4res,
  SETATTR4args,
  SETATTR4res,
  VERIFY4args,
  VERIFY4res,
} from "../../nfs4/ops/attributes.ts";
import type { fattr4 } from "../../nfs4/types.ts";
import { bitsOf } from "../../xdr/types.ts";
import type { CompoundContext } from "../context.ts";
import { accessOf } from "../fs/access.ts";
import { type AttributeSource, encodeAttributes, isReadable, SETTABLE } from "../fs/attributes.ts";
import { applyChange, readChange } from "../fs/set-attributes.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { afterYield } from "./after-yield.ts";
import { requireWritable } from "./io.ts";

const WRITE_ONLY: ReadonlySet<number> = new Set(
  SETTABLE.filter((name) => name.endsWith("_set")).map((name) => ATTRIBUTES[name].number),
);
const RDATTR_ERROR = ATTRIBUTES.rdattr_error.number;

/** What attributes of the current object are read from. */
export function sourceOf({ services, minorVersion, current }: CompoundContext): AttributeSource {
  const { fileSystem, leaseSeconds } = services;
  return { inode: current, fileSystem, leaseSeconds, minorVersion };
}

function setAttributes(context: CompoundContext, { stateid, obj_attributes }: SETATTR4args): MaybePromise<SETATTR4res> {
  const { current, user, services, minorVersion } = context;
  const change = readChange(obj_attributes, minorVersion);
  const allow = () => {
    if (change.size === null) return;
    if (!current.isFile) refuse(NFS4ERR_WRONG_TYPE);
    requireWritable(context, current, stateid);
  };
  const apply = () => {
    applyChange(current, change, user, services.fileSystem.now);
    return { status: NFS4_OK, attrsset: change.mask };
  };
  return afterYield(context, [current], apply, allow);
}

/** True when the object's attributes are what the client thinks. RFC 8881 §18.15, §18.31 */
function isSame(context: CompoundContext, { attrmask, attr_vals }: fattr4): boolean {
  for (const number of bitsOf(attrmask)) {
    if (WRITE_ONLY.has(number) || number === RDATTR_ERROR) refuse(NFS4ERR_INVAL);
    if (!isReadable(number, context.minorVersion)) refuse(NFS4ERR_ATTRNOTSUPP);
  }
  const { attr_vals: actual } = encodeAttributes(sourceOf(context), attrmask);
  return actual.length === attr_vals.length && actual.every((byte, index) => byte === attr_vals[index]);
}

/** Attributes and access rights of an object. */
export const attributeHandlers = [
  handler("ACCESS", ACCESS4args, ACCESS4res, ({ current, user }, { access }) => {
    const { supported, granted } = accessOf(current, user);
    return { status: NFS4_OK, resok4: { supported: supported & access, access: granted & access } };
  }),
  handler("GETATTR", GETATTR4args, GETATTR4res, (context, { attr_request }) => {
    // Asking for what can only be set is a mistake. RFC 8881 §18.7.3
    if (bitsOf(attr_request).some((number) => WRITE_ONLY.has(number))) refuse(NFS4ERR_INVAL);
    return { status: NFS4_OK, resok4: { obj_attributes: encodeAttributes(sourceOf(context), attr_request) } };
  }),
  handler("SETATTR", SETATTR4args, SETATTR4res, setAttributes),
  handler("VERIFY", VERIFY4args, VERIFY4res, (context, { obj_attributes }) => ({
    status: isSame(context, obj_attributes) ? NFS4_OK : NFS4ERR_NOT_SAME,
  })),
  handler("NVERIFY", NVERIFY4args, NVERIFY4res, (context, { obj_attributes }) => ({
    status: isSame(context, obj_attributes) ? NFS4ERR_SAME : NFS4_OK,
  })),
];
