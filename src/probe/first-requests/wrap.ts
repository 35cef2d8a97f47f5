import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

/** Reached honestly, the wrap would take four thousand million requests. */
const BEFORE_THE_LAST = 0xffff_fffe;

export const wrap: Probe = {
  id: "wrap",
  title: "After sequence id 4294967295 comes 0, and 0 comes at no other time",
  requires:
    "0 is behind 1 and gets SEQ_MISORDERED; where the last sequence id can be set, 4294967295, 0 and 1 succeed.",
  rfc: "RFC 8881 §2.10.6.1",
  async run(bench) {
    const session = await bench.session();
    bench.expect(await session.sequence(1, 0), allOk);
    bench.expect(await session.sequence(0, 0), firstStatus(NFS4ERR_SEQ_MISORDERED));
    await bench.expectNext(session, 0, 2);
    const { ownServer } = bench.settings;
    if (ownServer === undefined) return;
    ownServer.presetSlot(session.id, 0, BEFORE_THE_LAST);
    for (const seq of [0xffff_ffff, 0, 1]) bench.expect(await session.sequence(seq, 0), allOk);
  },
};
