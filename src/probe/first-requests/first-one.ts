import { SEQUENCE4res } from "../../nfs4/ops/session.ts";
import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const firstOne: Probe = {
  id: "first-one",
  title: "The first request on a slot carries sequence id 1",
  requires: "SEQUENCE succeeds and echoes session id, sequence id and slot.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  async run(bench) {
    const session = await bench.session();
    const first = await session.sequence(1, 0);
    if (bench.expect(first, allOk) !== "pass") return;
    const { sr_sessionid, sr_sequenceid, sr_slotid } = first.result(SEQUENCE4res)!.sr_resok4!;
    const echo = `session ${sessionIdText(sr_sessionid)} seq ${sr_sequenceid} slot ${sr_slotid}`;
    const sent = `session ${sessionIdText(session.id)} seq 1 slot 0`;
    bench.check(echo === sent, `an echo of ${sent}`, echo);
  },
};
