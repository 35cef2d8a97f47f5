import { NFS4ERR_BADXDR, OP_GETATTR, OP_LOOKUP, OP_PUTFH, OP_WRITE } from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { lastStatus, operationStatus, rpcRefusal, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { putRootFh, raw } from "../operations.ts";
import type { Probe } from "../probe.ts";

/** Lengths without the bytes that they promise. */
const SOME = new Uint8Array([0, 0, 0, 100]);
const ALL_THERE_ARE = new Uint8Array(4).fill(0xff);
const NOTHING = new Uint8Array(0);
const HALF_A_STATEID = new Uint8Array(8);

export const truncatedXdr: Probe = {
  id: "truncated-xdr",
  title: "The arguments of the last operation are cut short",
  requires: "BADXDR on that operation, and the slot has moved by one.",
  permits: "BADXDR without any result, or RPC GARBAGE_ARGS, which leaves the slot.",
  rfc: "RFC 8881 §16.2.3, §16.2.4, §15.1.1.1",
  async run(bench) {
    const session = await bench.session();
    const cut = [
      raw(OP_PUTFH, SOME),
      raw(OP_LOOKUP, ALL_THERE_ARE),
      raw(OP_GETATTR, NOTHING),
      raw(OP_WRITE, HALF_A_STATEID),
    ];
    let seq = 1;
    for (const operation of cut) {
      const exchange = await session.sequence(seq, 0, {}, putRootFh(), operation);
      const badXdr = operationStatus(2, NFS4ERR_BADXDR);
      bench.expect(exchange, badXdr, wholeStatus(NFS4ERR_BADXDR), lastStatus(NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS));
      seq = await expectSlotAfter(bench, session, exchange, seq);
    }
  },
};
