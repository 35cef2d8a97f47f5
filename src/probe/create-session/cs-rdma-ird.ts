import { NFS4ERR_BADXDR, OP_CREATE_SESSION } from "../../nfs4/constants.ts";
import { CREATE_SESSION4args, CREATE_SESSION4res } from "../../nfs4/ops/session.ts";
import { channel_attrs4 } from "../../nfs4/types.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { Sink } from "../../xdr/sink.ts";
import { allOk, firstStatus, rpcRefusal, wholeStatus } from "../answers.ts";
import { raw } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { PROBE_FORE } from "../probe-client.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

const IRD = 4;
const NUMBER_BYTES = 4;

export const csRdmaIrd: Probe = {
  id: "cs-rdma-ird",
  title: "CREATE_SESSION with ca_rdma_ird of none, one and two elements",
  requires: "OK, OK and not more than asked for, BADXDR; the last leaves the sequence id as it was.",
  permits: "BADXDR without any result, or RPC GARBAGE_ARGS.",
  rfc: "RFC 8881 §18.36.1, §18.36.3",
  pynfs: ["CSESS17", "CSESS18", "CSESS19"],
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    bench.expect((await client.createSession(connection)).exchange, allOk);
    const { exchange } = await client.createSession(connection, { fore: { ...PROBE_FORE, rdmaIrd: IRD } });
    bench.expect(exchange, allOk);
    const [granted = 0] = exchange.result(CREATE_SESSION4res)?.csr_resok4?.csr_fore_chan_attrs.ca_rdma_ird ?? [];
    bench.check(granted <= IRD, `ca_rdma_ird at most ${IRD}`, `ca_rdma_ird ${granted}`);
    const two = raw(OP_CREATE_SESSION, withTwo(client.createSessionArgs()));
    const unread = [wholeStatus(NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS)];
    bench.expect(await client.alone(connection, {}, two), firstStatus(NFS4ERR_BADXDR), ...unread);
    bench.expect((await client.createSession(connection)).exchange, allOk);
  },
};

/** The arguments, with one element too many on the fore channel. */
function withTwo(args: CREATE_SESSION4args): Uint8Array {
  const sink = new Sink();
  CREATE_SESSION4args.write(sink, args);
  const bytes = Buffer.from(sink.finish());
  const at = CREATE_SESSION4args.offsets.csa_fore_chan_attrs + channel_attrs4.offsets.ca_rdma_ird;
  const words = new Uint32Array([2, IRD, IRD]);
  const array = Buffer.alloc(words.length * NUMBER_BYTES);
  for (const [index, word] of words.entries()) array.writeUInt32BE(word, index * NUMBER_BYTES);
  return Buffer.concat([bytes.subarray(0, at), array, bytes.subarray(at + NUMBER_BYTES)]);
}
