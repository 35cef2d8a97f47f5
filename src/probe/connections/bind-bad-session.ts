import { NFS4ERR_BADSESSION, NFS4ERR_NOT_ONLY_OP } from "../../nfs4/constants.ts";
import { WISHED_CHANNELS } from "../../session/connection.ts";
import { anyErrorFrom, firstStatus, operationStatus, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { bindConnection, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { boundAs } from "./bound.ts";

const SESSION_ID_BYTES = 16;
const { fore, back } = WISHED_CHANNELS;

export const bindBadSession: Probe = {
  id: "bind-bad-session",
  title: "BIND_CONN_TO_SESSION for no session, with company, and behind SEQUENCE",
  requires:
    "BADSESSION; NOT_ONLY_OP for one that is not alone, and behind SEQUENCE (customary). No binding changes by any of them.",
  permits: "NOT_ONLY_OP without any result; behind SEQUENCE any other error.",
  rfc: "RFC 8881 §18.34.3, §15.1.3.3",
  knownDeviations: "knfsd allows it as the last operation behind SEQUENCE; nfs4j has no BIND_CONN_TO_SESSION.",
  async run(bench) {
    // Without CONN_BACK_CHAN the connection is of the fore channel alone.
    const session = await bench.session({ flags: 0 });
    const stranger = bench.settings.random(SESSION_ID_BYTES).slice();
    bench.expect(await session.alone({}, bindConnection(stranger, fore)), firstStatus(NFS4ERR_BADSESSION));
    const company = await session.alone({}, bindConnection(session.id, fore), putRootFh());
    bench.expect(company, firstStatus(NFS4ERR_NOT_ONLY_OP), wholeStatus(NFS4ERR_NOT_ONLY_OP));
    const behind = await session.sequence(1, 0, {}, bindConnection(session.id, back));
    bench.expect(behind, operationStatus(1, NFS4ERR_NOT_ONLY_OP), anyErrorFrom(0));
    await expectSlotAfter(bench, session, behind, 1);
    // Had it become one of the back channel, this would be a change. §18.34.3
    bench.expect(await session.bind(session.connection, fore), boundAs(fore));
  },
};
