import { NFS4ERR_BADSLOT, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { type SilentClient, showsLoss, silentClient } from "./silent-client.ts";

const LEASES_SILENT = 1.5;
const ERRORS_PER_LEASE = 4;
const MILLIS_MAX = 480_000;
const FAR_SEQ = 1000;
const FAR_SLOT = 0xffff_ffff;

/** Requests that fail on SEQUENCE, and nothing else, until the lease has long run out or the session is gone. */
async function onlyErrors(bench: Bench, { session, leaseMillis }: SilentClient): Promise<void> {
  for (let sent = 0; sent < LEASES_SILENT * ERRORS_PER_LEASE; sent++) {
    await bench.pause(leaseMillis / ERRORS_PER_LEASE);
    const isSlot = sent % 2 === 0;
    const exchange = await session.sequence(FAR_SEQ, isSlot ? FAR_SLOT : 0);
    if (showsLoss(exchange)) return;
    bench.need(exchange, firstStatus(isSlot ? NFS4ERR_BADSLOT : NFS4ERR_SEQ_MISORDERED), "an error on SEQUENCE");
  }
}

export const leaseKeptByError: Probe = {
  id: "lease-kept-by-error",
  title: "Requests that fail on SEQUENCE do not renew the lease",
  requires: "A client whose requests all fail is treated as one that is silent.",
  permits: "A server may keep what silent clients have.",
  rfc: "RFC 8881 §18.46.3, §8.3",
  optIn: "waits for one and a half lease periods, two to three minutes with most servers",
  millisMax: MILLIS_MAX,
  writes: true,
  async run(bench) {
    const leaseMillisMax = MILLIS_MAX / (LEASES_SILENT + 0.5);
    // In this order: when the lease of the silent one has run out, that of the first one had to before.
    const failing = await silentClient(bench, "failing", leaseMillisMax);
    const silent = await silentClient(bench, "silent", leaseMillisMax);
    await onlyErrors(bench, failing);
    const [ofFailing, ofSilent] = await Promise.all([failing.speak(), silent.speak()]);
    const required = "the lease of a client that only made errors runs out like that of a silent one";
    if (showsLoss(ofFailing)) bench.judge("pass", required, ofFailing.text);
    else if (showsLoss(ofSilent)) bench.judge("deviates", required, ofFailing.text);
    else bench.judge("pass-alternative", required, "the server keeps what silent clients have");
  },
};
