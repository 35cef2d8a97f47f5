import {
  isOperation,
  NFS4ERR_BADXDR,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  OP_ILLEGAL,
  OP_OPEN_CONFIRM,
  OP_RECLAIM_COMPLETE,
  OP_RELEASE_LOCKOWNER,
  OP_REMOVEXATTR,
  OP_RENEW,
  OP_SETCLIENTID,
  OP_SETCLIENTID_CONFIRM,
} from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { type Answer, answer, operationStatus, rpcRefusal, wholeStatus } from "../answers.ts";
import { expectSlotAfter } from "../expect-slot-after.ts";
import { zeroed } from "../operations.ts";
import type { Probe } from "../probe.ts";

const OLD = [OP_SETCLIENTID, OP_SETCLIENTID_CONFIRM, OP_RENEW, OP_OPEN_CONFIRM, OP_RELEASE_LOCKOWNER];
/** What came after NFSv4.1: operations of NFSv4.2, RFC 8276 included. */
const LATER = Array.from(
  { length: OP_REMOVEXATTR - OP_RECLAIM_COMPLETE },
  (_, index) => OP_RECLAIM_COMPLETE + 1 + index,
);
const NEVER = [0, 1, 2, 76, 77, 9999, OP_ILLEGAL, 0x8000_0000, 0xffff_ffff];

export const v40Ops: Probe = {
  id: "v40-ops",
  title: "Operations of NFSv4.0 only, of later minor versions, and numbers that are none",
  requires: "NOTSUPP to those of NFSv4.0; OP_ILLEGAL on OP_ILLEGAL to the others. The slot has moved by one each time.",
  permits: "BADXDR, or RPC GARBAGE_ARGS, which leaves the slot.",
  rfc: "RFC 8881 §8.8, §15.1.3.4, §16.2.3",
  pynfs: ["COMP5"],
  async run(bench) {
    const session = await bench.session();
    const { minorVersion } = bench.settings;
    const illegal = [...NEVER, ...LATER.filter((number) => !isOperation(number, minorVersion))];
    const unread = [operationStatus(1, NFS4ERR_BADXDR), wholeStatus(NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS)];
    let seq = 1;
    const ask = async (number: number, required: Answer) => {
      const exchange = await session.sequence(seq, 0, {}, zeroed(number));
      bench.expect(exchange, required, ...unread);
      seq = await expectSlotAfter(bench, session, exchange, seq);
    };
    for (const number of OLD) await ask(number, operationStatus(1, NFS4ERR_NOTSUPP));
    for (const number of illegal) await ask(number, opIllegal);
  },
};

const opIllegal = answer("OP_ILLEGAL on operation 1, which is called OP_ILLEGAL", ({ reply }) => {
  const result = reply?.results[1];
  return result !== undefined && result.status === NFS4ERR_OP_ILLEGAL && result.number === OP_ILLEGAL;
});
