import { NFS4ERR_TOOSMALL } from "../../nfs4/constants.ts";
import { CREATE_SESSION4res } from "../../nfs4/ops/session.ts";
import { type ChannelAttributes, fromWire, violations } from "../../session/channel-attributes.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import type { Probe } from "../probe.ts";
import { PROBE_BACK, PROBE_FORE } from "../probe-client.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

interface Channels {
  readonly fore: ChannelAttributes;
  readonly back: ChannelAttributes;
}

const MOST = 0xffff_ffff;
/** Less than any reply. */
const NO_REPLY = 16;
const HUGE = { headerPadSize: MOST, maxRequestSize: MOST, maxResponseSize: MOST, maxResponseSizeCached: MOST };
const ODD = { headerPadSize: 3, maxRequestSize: 1031, maxResponseSize: 1033, maxResponseSizeCached: 2063 };

const USABLE: readonly Channels[] = [
  { fore: PROBE_FORE, back: PROBE_BACK },
  {
    fore: { ...HUGE, maxOperations: MOST, maxRequests: MOST, rdmaIrd: null },
    back: { ...PROBE_BACK, ...HUGE },
  },
  {
    fore: { ...PROBE_FORE, ...ODD, maxOperations: 3, maxRequests: 3 },
    back: { ...PROBE_BACK, ...ODD, maxOperations: 3, maxRequests: 1 },
  },
];
const UNUSABLE: readonly Channels[] = [
  { fore: { ...PROBE_FORE, maxResponseSize: NO_REPLY }, back: PROBE_BACK },
  { fore: PROBE_FORE, back: { ...PROBE_BACK, maxResponseSize: NO_REPLY } },
];

export const csAttrs: Probe = {
  id: "cs-attrs",
  title: "CREATE_SESSION with small, huge, odd and unusable channel attributes",
  requires:
    "No size above what was asked for; operations and requests of the back channel as asked for. TOOSMALL where ca_maxresponsesize leaves no room for any reply (SHOULD).",
  permits: "A session in spite of that.",
  rfc: "RFC 8881 §18.36.3",
  pynfs: ["CSESS22", "CSESS25", "CSESS28"],
  knownDeviations: "nfs4j and DittoFS may lower the counts of the back channel.",
  async run(bench) {
    for (const wished of USABLE) {
      const exchange = await ask(bench, wished);
      bench.expect(exchange, allOk);
      checkGranted(bench, wished, exchange);
    }
    for (const wished of UNUSABLE) {
      const exchange = await ask(bench, wished);
      bench.expect(exchange, firstStatus(NFS4ERR_TOOSMALL), allOk);
      checkGranted(bench, wished, exchange);
    }
  },
};

async function ask(bench: Bench, wished: Channels): Promise<Exchange> {
  const { client, connection } = await unconfirmedClient(bench);
  return (await client.createSession(connection, wished)).exchange;
}

function checkGranted(bench: Bench, wished: Channels, exchange: Exchange): void {
  const given = exchange.result(CREATE_SESSION4res)?.csr_resok4;
  if (given === undefined) return;
  const granted = { fore: fromWire(given.csr_fore_chan_attrs), back: fromWire(given.csr_back_chan_attrs) };
  const broken = (["fore", "back"] as const).flatMap((channel) =>
    violations(wished[channel], granted[channel], channel).map(
      ({ attribute, requested, granted: number }) => `${channel} ${attribute} ${number} for ${requested}`,
    ),
  );
  const required = "sizes not raised, counts of the back channel not changed";
  bench.check(broken.length === 0, required, broken.length === 0 ? "they are not" : broken.join(", "));
}
