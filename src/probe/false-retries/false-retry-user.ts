import { FATTR4_OWNER, NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { attributeOf } from "../../nfs4/fattr.ts";
import { GETATTR4res } from "../../nfs4/ops/attributes.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import { createDirectory, getAttr, putFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import type { ProbeSession } from "../probe-session.ts";

export const falseRetryUser: Probe = {
  id: "false-retry-user",
  title: "A user does not get the kept reply of another one",
  requires: "SEQ_FALSE_RETRY to the same bytes from another user.",
  rfc: "RFC 8881 §2.10.6.1.3.1",
  knownDeviations: "nfs-ganesha, nfs4j, buildbarn, DittoFS and chimera give the kept reply to whoever asks.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    await needTwoUsers(bench, session);
    const request = [putFh((await bench.scratch()).fileHandle), getAttr("type", "owner")];
    bench.need(await session.sequence(1, 0, { cachethis: true }, ...request), allOk, "a reply to be kept");
    const other = await session.sequence(1, 0, { cachethis: true, cred: bench.otherCredential }, ...request);
    bench.expect(other, firstStatus(NFS4ERR_SEQ_FALSE_RETRY));
    await bench.expectNext(session, 0, 2);
  },
};

/** A server that squashes both users to one has nothing to tell apart: whose are the directories that they make? */
async function needTwoUsers(bench: Bench, session: ProbeSession): Promise<void> {
  if (session.granted.maxRequests === 1) bench.skip("there is only one slot");
  const directory = putFh((await bench.scratch()).fileHandle);
  const owners: (string | undefined)[] = [];
  for (const [index, cred] of [undefined, bench.otherCredential].entries()) {
    const make = createDirectory(`of-user-${index + 1}`);
    const made = await session.sequence(index + 1, 1, { cred }, directory, make, getAttr("owner"));
    bench.need(made, allOk, "a directory of either user");
    owners.push(attributeOf(made.result(GETATTR4res)!.resok4!.obj_attributes, FATTR4_OWNER));
  }
  if (owners[0] === owners[1]) bench.inconclusive(`the server takes both users for ${owners[0]}`);
}
