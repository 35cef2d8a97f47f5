import { NFS4_OK, NFS4ERR_NOTDIR } from "../../nfs4/constants.ts";
import { READDIR4args, READDIR4res } from "../../nfs4/ops/readdir.ts";
import { MAY, requirePermission } from "../fs/access.ts";
import { readPage } from "../fs/readdir.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { sourceOf } from "./attributes.ts";

/** Operation number and status. */
const RESULT_BYTES = 8;

/** Reading directories. */
export const readdirHandlers = [
  handler("READDIR", READDIR4args, READDIR4res, (context, args) => {
    const { current, user, room } = context;
    if (!current.isDirectory) refuse(NFS4ERR_NOTDIR);
    requirePermission(current, user, MAY.read);
    const { verifier, list } = readPage(current, args, sourceOf(context), room - RESULT_BYTES);
    return { status: NFS4_OK, resok4: { cookieverf: verifier, reply: list } };
  }),
];
