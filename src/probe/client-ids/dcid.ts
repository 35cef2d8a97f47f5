import { NFS4ERR_CLIENTID_BUSY, NFS4ERR_NOT_ONLY_OP, NFS4ERR_STALE_CLIENTID } from "../../nfs4/constants.ts";
import { allOk, firstStatus, operationStatus, wholeStatus } from "../answers.ts";
import { destroyClientId, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

const CLIENT_ID_BYTES = 8;

export const dcid: Probe = {
  id: "dcid",
  title: "DESTROY_CLIENTID: busy, in its own session, with company, idle, gone, unknown",
  requires:
    "CLIENTID_BUSY while there is a session, and in a compound of that session; NOT_ONLY_OP with company; OK when it is idle, behind another client's SEQUENCE too; STALE_CLIENTID then, and for one that never was.",
  permits: "NOT_ONLY_OP without any result.",
  rfc: "RFC 8881 §18.50.3, §15.1.3.3",
  pynfs: ["DESCID1", "DESCID2", "DESCID3", "DESCID4", "DESCID5", "DESCID6", "DESCID7", "DESCID8"],
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const busy = NFS4ERR_CLIENTID_BUSY;
    bench.expect(await client.destroyClientId(session.connection), firstStatus(busy));
    bench.expect(await session.sequence(1, 0, {}, destroyClientId(client.clientId)), operationStatus(1, busy));
    await bench.expectNext(session, 0, 2);

    const { client: idle, session: ended } = await bench.clientWithSession();
    bench.need(await ended.destroy(), allOk, "a client ID without a session");
    const connection = await idle.connect();
    const company = await idle.alone(connection, {}, destroyClientId(idle.clientId), putRootFh());
    bench.expect(company, firstStatus(NFS4ERR_NOT_ONLY_OP), wholeStatus(NFS4ERR_NOT_ONLY_OP));
    bench.expect(await session.sequence(3, 0, {}, destroyClientId(idle.clientId)), allOk);
    bench.expect(await idle.destroyClientId(connection), firstStatus(NFS4ERR_STALE_CLIENTID));

    bench.expect(await session.destroy(), allOk);
    bench.expect(await client.destroyClientId(connection), allOk);
    bench.expect(await client.destroyClientId(connection), firstStatus(NFS4ERR_STALE_CLIENTID));
    const unknown = Buffer.from(bench.settings.random(CLIENT_ID_BYTES)).readBigUInt64BE();
    bench.expect(await client.destroyClientId(connection, unknown), firstStatus(NFS4ERR_STALE_CLIENTID));
  },
};
