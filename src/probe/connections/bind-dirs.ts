import { NFS4ERR_BADXDR, NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { WISHED_CHANNELS } from "../../session/connection.ts";
import { firstStatus, rpcRefusal, wholeStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { boundAs } from "./bound.ts";

const NO_DIRECTION = 5;

export const bindDirs: Probe = {
  id: "bind-dirs",
  title: "Every direction in which a new connection can be bound",
  requires:
    "FORE gives FORE, BACK gives BACK, FORE_OR_BOTH gives FORE or BOTH, BACK_OR_BOTH gives BACK or BOTH; INVAL for a direction that there is not.",
  permits: "BADXDR or RPC GARBAGE_ARGS for a direction that there is not.",
  rfc: "RFC 8881 §18.34.1, §18.34.3",
  knownDeviations: "DittoFS takes an unknown direction for FORE; nfs4j has no BIND_CONN_TO_SESSION.",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    for (const wished of Object.values(WISHED_CHANNELS)) {
      bench.expect(await session.bind(await client.connect(), wished), boundAs(wished));
    }
    const unread = [firstStatus(NFS4ERR_BADXDR), wholeStatus(NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS)];
    bench.expect(await session.bind(await client.connect(), NO_DIRECTION), firstStatus(NFS4ERR_INVAL), ...unread);
    await bench.expectNext(session, 0, 1);
  },
};
