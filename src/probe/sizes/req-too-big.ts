import { NFS4ERR_REQ_TOO_BIG } from "../../nfs4/constants.ts";
import { RECORD_MARK_BYTES } from "../../rpc/write.ts";
import { allOk, lastStatus, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { putFh, write } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";

const XDR_UNIT = 4;

export const reqTooBig: Probe = {
  id: "req-too-big",
  title: "A request longer than ca_maxrequestsize",
  requires:
    "A request of that size, RPC header included, succeeds; REQ_TOO_BIG, on SEQUENCE or later, for 4 bytes more.",
  permits: "REQ_TOO_BIG without any result.",
  rfc: "RFC 8881 §2.10.6.4, §18.36.3, §15.1.3.8",
  pynfs: ["SEQ6"],
  knownDeviations: "nfs-ganesha, nfs4j, DittoFS and buildbarn have no such limit.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const file = putFh(await (await witness(bench)).makeFile("written"));
    const empty = session.record(1, 0, {}, file, write(new Uint8Array(0))).length - RECORD_MARK_BYTES;
    const { maxRequestSize } = session.granted;
    const room = maxRequestSize - (maxRequestSize % XDR_UNIT) - empty;
    if (room < 0) bench.skip(`a WRITE does not fit into ${maxRequestSize} bytes`);
    bench.expect(await session.sequence(1, 0, {}, file, write(new Uint8Array(room))), allOk);
    const more = await session.sequence(2, 0, {}, file, write(new Uint8Array(room + XDR_UNIT)));
    bench.expect(more, lastStatus(NFS4ERR_REQ_TOO_BIG), wholeStatus(NFS4ERR_REQ_TOO_BIG));
    await expectSlotAfter(bench, session, more, 2);
  },
};
