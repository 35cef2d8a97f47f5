import { NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import { answer, firstStatus, sequenceOk } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { isStillOpen, showsLoss, silentClient } from "./silent-client.ts";

const LEASES_SILENT = 1.5;
const ROUNDS = 2;
const MILLIS_MAX = 960_000;

const honest = answer(
  "an open file that is still there, or BADSESSION or an EXPIRED flag when it is not",
  (exchange) => (showsLoss(exchange) ? true : isStillOpen(exchange)),
);

export const leaseExpiry: Probe = {
  id: "lease-expiry",
  title: "A client that was silent for longer than its lease learns what it lost",
  requires: "BADSESSION, or SEQUENCE OK with EXPIRED_ALL_STATE_REVOKED or EXPIRED_SOME_STATE_REVOKED for lost state.",
  permits: "A server may keep everything.",
  rfc: "RFC 8881 §8.3, §8.4.2.4, §18.46.3",
  knownDeviations: "nfs-ganesha answers NFS4ERR_EXPIRED on SEQUENCE until it drops the session.",
  optIn: "waits for three lease periods, four to five minutes with most servers",
  millisMax: MILLIS_MAX,
  writes: true,
  async run(bench) {
    const leaseMillisMax = MILLIS_MAX / (LEASES_SILENT * ROUNDS + 0.5);
    const silent = [];
    for (let round = 1; round <= ROUNDS; round++)
      silent.push(await silentClient(bench, `file-${round}`, leaseMillisMax));
    for (const each of silent) {
      await bench.pause(LEASES_SILENT * each.leaseMillis);
      const exchange = await each.speak();
      bench.expect(exchange, firstStatus(NFS4ERR_BADSESSION), sequenceOk);
      bench.expect(exchange, honest);
    }
  },
};
