import { NFS4_OK } from "../../nfs4/constants.ts";
import {
  GETFH4res,
  PUTFH4args,
  PUTFH4res,
  PUTPUBFH4res,
  PUTROOTFH4res,
  RESTOREFH4res,
  SAVEFH4res,
} from "../../nfs4/ops/filehandle.ts";
import { voidType } from "../../xdr/types.ts";
import type { CompoundContext } from "../context.ts";
import { handler } from "../handler.ts";

function putRoot(context: CompoundContext) {
  context.setCurrent(context.services.fileSystem.root);
  return { status: NFS4_OK };
}

/** What sets, saves and tells the current filehandle. */
export const filehandleHandlers = [
  handler("PUTROOTFH", voidType, PUTROOTFH4res, putRoot),
  // There is one tree, and all of it is public.
  handler("PUTPUBFH", voidType, PUTPUBFH4res, putRoot),
  handler("PUTFH", PUTFH4args, PUTFH4res, (context, { object }) => {
    context.setCurrent(context.services.fileSystem.resolve(object));
    return { status: NFS4_OK };
  }),
  handler("GETFH", voidType, GETFH4res, (context) => ({
    status: NFS4_OK,
    resok4: { object: context.services.fileSystem.handleOf(context.current) },
  })),
  handler("SAVEFH", voidType, SAVEFH4res, (context) => {
    context.save();
    return { status: NFS4_OK };
  }),
  handler("RESTOREFH", voidType, RESTOREFH4res, (context) => {
    context.restore();
    return { status: NFS4_OK };
  }),
];
