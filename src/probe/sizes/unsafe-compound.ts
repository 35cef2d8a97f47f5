import { NFS4_OK, NFS4ERR_UNSAFE_COMPOUND } from "../../nfs4/constants.ts";
import { OPEN4res } from "../../nfs4/ops/open.ts";
import { allOk, operationStatus } from "../answers.ts";
import { close, lookup, openCreate, putFh, SHARE } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const unsafeCompound: Probe = {
  id: "unsafe-compound",
  title: "OPEN makes a file and no GETFH follows",
  requires: "OK.",
  permits: "UNSAFE_COMPOUND on OPEN.",
  rfc: "RFC 8881 §2.10.6.4, §15.1.3.12",
  writes: true,
  async run(bench) {
    const session = await bench.stateSession();
    const directory = putFh((await bench.scratch()).fileHandle);
    const wanted = openCreate("made", { access: SHARE.both | SHARE.wantNoDelegation });
    const opened = await session.sequence(1, 0, {}, directory, wanted);
    bench.expect(opened, allOk, operationStatus(2, NFS4ERR_UNSAFE_COMPOUND));
    const stateid = opened.result(OPEN4res)?.resok4?.stateid;
    const next = opened.statusAt(0) === NFS4_OK ? 2 : 1;
    if (stateid === undefined) await bench.expectNext(session, 0, next);
    else bench.expect(await session.sequence(next, 0, {}, directory, lookup("made"), close(stateid)), allOk);
  },
};
