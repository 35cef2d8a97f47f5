import { NFS4ERR_MINOR_VERS_MISMATCH } from "../../nfs4/constants.ts";
import { anyReply, sequenceOk, wholeStatus } from "../answers.ts";
import { raw } from "../operations.ts";
import type { Probe } from "../probe.ts";

const NO_MINOR_VERSIONS = [3, 0xffff_ffff];
/** Reserved, and illegal: but the minor version is what a server has to look at first. RFC 8881 §16.2.3 */
const OPERATION_2 = 2;

export const minorMismatch: Probe = {
  id: "minor-mismatch",
  title: "Minor versions that there are not, and a session under another minor version than its own",
  requires:
    "MINOR_VERS_MISMATCH without any result, whatever the operations are; to the second any reply, which the report notes.",
  rfc: "RFC 8881 §16.2.3, §15.1.3.2, §2.7",
  pynfs: ["COMP4"],
  async run(bench) {
    const session = await bench.session();
    const mismatch = wholeStatus(NFS4ERR_MINOR_VERS_MISMATCH);
    for (const minorVersion of NO_MINOR_VERSIONS) {
      bench.expect(await session.sequence(1, 0, { minorVersion }), mismatch);
      bench.expect(await session.alone({ minorVersion }, raw(OPERATION_2)), mismatch);
    }
    const minorVersion = bench.settings.minorVersion === 1 ? 2 : 1;
    const crossed = await session.sequence(1, 0, { minorVersion });
    bench.expect(crossed, anyReply);
    bench.note(`a session of minor version ${bench.settings.minorVersion} under ${minorVersion}: ${crossed.text}`);
    await bench.expectNext(session, 0, sequenceOk.fits(crossed) ? 2 : 1);
  },
};
