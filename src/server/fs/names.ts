import { NFS4ERR_BADCHAR, NFS4ERR_BADNAME, NFS4ERR_INVAL, NFS4ERR_NAMETOOLONG } from "../../nfs4/constants.ts";
import { bytesOf } from "../../xdr/text.ts";
import { refuse } from "../refusal.ts";

/** maxname, attribute 29. */
export const NAME_BYTES_MAX = 255;
/** Of a symbolic link. */
export const TARGET_BYTES_MAX = 4096;

/** What the XDR layer makes of bytes that are not UTF-8. */
const NOT_UTF8 = /\p{Surrogate}/u;

/** Checks a component4. RFC 8881 §15.1.7 (BADNAME), §14.4 */
export function checkName(name: string): void {
  if (name === "" || NOT_UTF8.test(name)) refuse(NFS4ERR_INVAL);
  if (bytesOf(name).length > NAME_BYTES_MAX) refuse(NFS4ERR_NAMETOOLONG);
  if (name === "." || name === "..") refuse(NFS4ERR_BADNAME);
  if (name.includes("/") || name.includes("\0")) refuse(NFS4ERR_BADCHAR);
}

/** Checks linktext4: anything may be in it but nothing at all. */
export function checkTarget(target: string): void {
  if (target === "" || NOT_UTF8.test(target)) refuse(NFS4ERR_INVAL);
  if (bytesOf(target).length > TARGET_BYTES_MAX) refuse(NFS4ERR_NAMETOOLONG);
}
