import { NFS4_OK, NFS4ERR_INVAL, NFS4ERR_OFFLOAD_DENIED } from "../../nfs4/constants.ts";
import { COPY4args, COPY4res } from "../../nfs4/ops/copy.ts";
import { stable_how4 } from "../../nfs4/write-response.ts";
import type { CompoundContext } from "../context.ts";
import { PAGE_BYTES } from "../fs/file-data.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { afterYield } from "./after-yield.ts";
import { requireReadable, requireWritable, writeOffsetOf, written } from "./io.ts";
import { requireRegular } from "./sparse.ts";

const { FILE_SYNC4 } = stable_how4.table as Record<"FILE_SYNC4", number>;
/** Copied at a time: others are served in between. */
const SLICE_BYTES = 16 * PAGE_BYTES;

/** Where from, where to, and how much. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** COPY from the saved to the current filehandle, within this server. RFC 7862 §15.2 */
async function copy(context: CompoundContext, args: COPY4args): Promise<COPY4res> {
  const { current: target, services } = context;
  const stretch = () => allowedStretch(context, args);
  const copied = await afterYield(context, [target], () => copySlices(context, stretch()), stretch);
  return {
    cr_status: NFS4_OK,
    cr_resok4: {
      cr_response: {
        wr_callback_id: [],
        wr_count: BigInt(copied),
        wr_committed: FILE_SYNC4,
        wr_writeverf: services.writeVerifier,
      },
      cr_requirements: { cr_consecutive: true, cr_synchronous: true },
    },
  };
}

/** What is to be copied, if it may be. §15.2.3 */
function allowedStretch(context: CompoundContext, args: COPY4args): Stretch {
  const { saved: source, current: target } = context;
  requireRegular(source);
  requireRegular(target);
  if (source === target) refuse(NFS4ERR_INVAL);
  // Another server is asked for nothing; the client copies by itself then.
  if (args.ca_source_server.length > 0) refuse(NFS4ERR_OFFLOAD_DENIED);
  requireReadable(context, source, args.ca_src_stateid);
  requireWritable(context, target, args.ca_dst_stateid);
  const { size } = source.data;
  if (args.ca_src_offset + args.ca_count > BigInt(size)) refuse(NFS4ERR_INVAL);
  const from = Number(args.ca_src_offset);
  // A count of 0 is all the rest.
  const count = args.ca_count === 0n ? size - from : Number(args.ca_count);
  return { from, to: writeOffsetOf(args.ca_dst_offset, BigInt(count)), count };
}

/** Copies slice by slice; gives how many bytes there were. */
async function copySlices(context: CompoundContext, { from, to, count }: Stretch): Promise<number> {
  const { saved: source, current: target, services } = context;
  const requireThere = services.states.watch(context.client);
  for (let done = 0; done < count; ) {
    const bytes = source.data.read(from + done, Math.min(SLICE_BYTES, count - done));
    // Somebody cut the source off meanwhile.
    if (bytes.length === 0) return done;
    target.data.write(to + done, bytes);
    written(target, services.fileSystem.now);
    done += bytes.length;
    await new Promise<void>((resolve) => services.timers.after(0, resolve));
    requireThere();
  }
  return count;
}

/** Copies that the server makes; they are over when it answers, so there is nothing to ask of or to cancel. */
export const copyHandlers = [handler("COPY", COPY4args, COPY4res, copy)];
