import { NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { anotherIncarnation } from "./exchange-id-cases.ts";
import { newClientId } from "./registration.ts";

export const eidNewVerifierEarly: Probe = {
  id: "eid-new-verifier-early",
  title: "A client says that it restarted, and has no new session yet",
  requires: "The old session goes on until CREATE_SESSION confirms the new client ID.",
  permits: "BADSESSION: the RFC describes this as one possible implementation.",
  rfc: "RFC 8881 §18.35.4 case 5",
  knownDeviations: "DittoFS ends the session at once.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    bench.expect(await session.sequence(1, 0), allOk);
    const restart = client.exchangeIdOperation(anotherIncarnation(bench, client));
    bench.expect(await client.alone(session.connection, {}, restart), newClientId(client.clientId));
    bench.expect(await session.sequence(2, 0), allOk, firstStatus(NFS4ERR_BADSESSION));
  },
};
