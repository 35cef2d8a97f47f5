import {
  NFS4_OK,
  NFS4ERR_ACCESS,
  NFS4ERR_INVAL,
  NFS4ERR_NXIO,
  NFS4ERR_UNION_NOTSUPP,
  NFS4ERR_WRONG_TYPE,
} from "../../nfs4/constants.ts";
import {
  ALLOCATE4args,
  ALLOCATE4res,
  DEALLOCATE4args,
  DEALLOCATE4res,
  data_content4,
  IO_ADVISE4args,
  IO_ADVISE4res,
  SEEK4args,
  SEEK4res,
} from "../../nfs4/ops/sparse.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import type { CompoundContext } from "../context.ts";
import type { Inode } from "../fs/inode.ts";
import { handler, type MaybePromise } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { afterYield } from "./after-yield.ts";
import { offsetOf, requireReadable, requireWritable, writeOffsetOf, written } from "./io.ts";

const { NFS4_CONTENT_DATA, NFS4_CONTENT_HOLE } = data_content4.table as Record<string, number>;

/** Operations of NFSv4.2 have one status for all that is no regular file. RFC 7862 §15 */
export function requireRegular(inode: Inode): void {
  if (!inode.isFile) refuse(NFS4ERR_WRONG_TYPE);
}

/** Changes where a file has data and where holes. */
function reshape(context: CompoundContext, stateid: stateid4, change: () => void): MaybePromise<number> {
  const { current, services } = context;
  const act = () => {
    change();
    written(current, services.fileSystem.now);
    return NFS4_OK;
  };
  requireRegular(current);
  // Here an open that denies writing denies access: LOCKED is none of the statuses. RFC 7862 §11.2
  return afterYield(context, [current], act, () => requireWritable(context, current, stateid, NFS4ERR_ACCESS));
}

/** `then` for what may be there already. */
function mapped<T, U>(value: MaybePromise<T>, map: (value: T) => U): MaybePromise<U> {
  return value instanceof Promise ? value.then(map) : map(value);
}

/** Files with holes. */
export const sparseHandlers = [
  handler("ALLOCATE", ALLOCATE4args, ALLOCATE4res, (context, { aa_stateid, aa_offset, aa_length }) => {
    const at = writeOffsetOf(aa_offset, aa_length);
    const status = reshape(context, aa_stateid, () => context.current.data.allocate(at, Number(aa_length)));
    return mapped(status, (ar_status) => ({ ar_status }));
  }),
  handler("DEALLOCATE", DEALLOCATE4args, DEALLOCATE4res, (context, { da_stateid, da_offset, da_length }) => {
    if (da_offset + da_length > 0xffff_ffff_ffff_ffffn) refuse(NFS4ERR_INVAL);
    const [at, length] = [offsetOf(da_offset), offsetOf(da_length)];
    const status = reshape(context, da_stateid, () => context.current.data.deallocate(at, length));
    return mapped(status, (dr_status) => ({ dr_status }));
  }),
  handler("SEEK", SEEK4args, SEEK4res, (context, { sa_stateid, sa_offset, sa_what }) => {
    const { current } = context;
    requireRegular(current);
    requireReadable(context, current, sa_stateid);
    const { data } = current;
    if (sa_what !== NFS4_CONTENT_DATA && sa_what !== NFS4_CONTENT_HOLE) refuse(NFS4ERR_UNION_NOTSUPP);
    if (sa_offset >= BigInt(data.size)) refuse(NFS4ERR_NXIO);
    const from = Number(sa_offset);
    const found = sa_what === NFS4_CONTENT_DATA ? data.nextData(from) : data.nextHole(from);
    const at = found ?? data.size;
    // The hole at the end of each file counts, and is told as its end. RFC 7862 §15.11.3
    return { sa_status: NFS4_OK, resok4: { sr_eof: at >= data.size, sr_offset: BigInt(at) } };
  }),
  // Advice that is taken by doing nothing. RFC 7862 §15.5.3
  handler("IO_ADVISE", IO_ADVISE4args, IO_ADVISE4res, (context, { iaa_stateid }) => {
    requireRegular(context.current);
    context.services.states.checkNamed(context, context.current, iaa_stateid);
    return { ior_status: NFS4_OK, resok4: { ior_hints: [] } };
  }),
];
