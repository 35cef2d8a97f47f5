import { NFS4_OK, NFS4ERR_NOENT, NFS4ERR_NOTDIR } from "../../nfs4/constants.ts";
import {
  SECINFO_NO_NAME4args,
  SECINFO_NO_NAME4res,
  SECINFO4args,
  SECINFO4res,
  secinfo_style4,
  type secinfo4,
} from "../../nfs4/ops/secinfo.ts";
import { AUTH_NONE, AUTH_SYS } from "../../rpc/constants.ts";
import { MAY, requirePermission } from "../fs/access.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";

/** The flavors that are taken, the better first. */
const FLAVORS: secinfo4[] = [{ flavor: AUTH_SYS }, { flavor: AUTH_NONE }];

/** Which security a name or a directory wants: the same everywhere. Both use the current filehandle up. RFC 8881 §2.6.3.1.1.8 */
export const secinfoHandlers = [
  handler("SECINFO", SECINFO4args, SECINFO4res, (context, { name }) => {
    const { current, user, services } = context;
    if (!current.isDirectory) refuse(NFS4ERR_NOTDIR);
    requirePermission(current, user, MAY.execute);
    services.fileSystem.lookup(current, name);
    context.clearCurrent();
    return { status: NFS4_OK, resok4: FLAVORS };
  }),
  handler("SECINFO_NO_NAME", SECINFO_NO_NAME4args, SECINFO_NO_NAME4res, (context, style) => {
    const { current } = context;
    const wantsParent = style === secinfo_style4.table.SECINFO_STYLE4_PARENT;
    if (wantsParent && !current.isDirectory) refuse(NFS4ERR_NOTDIR);
    if (wantsParent && current.parent === current) refuse(NFS4ERR_NOENT);
    context.clearCurrent();
    return { status: NFS4_OK, resok4: FLAVORS };
  }),
];
