import { NFS4_OK, NFS4ERR_INVAL, NFS4ERR_NOTSUPP } from "../../nfs4/constants.ts";
import { COPY4args, COPY4res } from "../../nfs4/ops/copy.ts";
import { stable_how4 } from "../../nfs4/write-response.ts";
import type { CompoundContext } from "../context.ts";
import { PAGE_BYTES } from "../fs/file-data.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";
import { writeOffsetOf, written } from "./io.ts";

const { FILE_SYNC4 } = stable_how4.table as Record<"FILE_SYNC4", number>;
/** Copied at a time: others are served in between. */
const SLICE_BYTES = 16 * PAGE_BYTES;

/** COPY from the saved to the current filehandle, within this server. RFC 7862 §15.2 */
async function copy(context: CompoundContext, args: COPY4args): Promise<COPY4res> {
  const { saved: source, current: target, services } = context;
  if (args.ca_source_server.length > 0) refuse(NFS4ERR_NOTSUPP);
  services.states.check(context, source, args.ca_src_stateid, "read");
  services.states.checkWrite(context, target, args.ca_dst_stateid);
  const { size } = source.data;
  void target.data;
  // A count of 0 is all the rest; what lies beyond the end is a mistake. §15.2.3
  if (args.ca_src_offset + args.ca_count > BigInt(size)) refuse(NFS4ERR_INVAL);
  const from = Number(args.ca_src_offset);
  const count = args.ca_count === 0n ? size - from : Number(args.ca_count);
  const to = writeOffsetOf(args.ca_dst_offset, BigInt(count));
  if (source === target && from < to + count && to < from + count) refuse(NFS4ERR_INVAL);
  await services.states.yieldDelegations(context, target);
  for (let done = 0; done < count; done += SLICE_BYTES) {
    const bytes = source.data.read(from + done, Math.min(SLICE_BYTES, count - done));
    target.data.write(to + done, bytes);
    await new Promise<void>((resolve) => services.timers.after(0, resolve));
  }
  if (count > 0) written(target, services.fileSystem.now);
  return {
    cr_status: NFS4_OK,
    cr_resok4: {
      cr_response: {
        wr_callback_id: [],
        wr_count: BigInt(count),
        wr_committed: FILE_SYNC4,
        wr_writeverf: services.writeVerifier,
      },
      cr_requirements: { cr_consecutive: true, cr_synchronous: true },
    },
  };
}

/** Copies that the server makes; they are over when it answers, so there is nothing to ask of or to cancel. */
export const copyHandlers = [handler("COPY", COPY4args, COPY4res, copy)];
