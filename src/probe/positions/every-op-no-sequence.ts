import {
  isOperation,
  mayLead,
  NFS4ERR_BADXDR,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  OP_ACCESS,
  OP_CLONE,
  operationClass,
} from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { type Answer, firstStatus, rpcRefusal, wholeStatus } from "../answers.ts";
import { zeroed } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const everyOpNoSequence: Probe = {
  id: "every-op-no-sequence",
  title: "Every operation without SEQUENCE",
  requires:
    "OP_NOT_IN_SESSION from all that may not stand alone; NOTSUPP as well from those of NFSv4.0 only; OP_ILLEGAL from those of a later minor version.",
  permits: "The same without any result; OP_NOT_IN_SESSION from what is illegal; BADXDR or RPC GARBAGE_ARGS.",
  rfc: "RFC 8881 §18.46.3, §8.8, §15.1.3.4, §15.1.3.5",
  async run(bench) {
    const session = await bench.session();
    for (let number = OP_ACCESS; number <= OP_CLONE; number++) {
      if (mayLead(number)) continue;
      const [required, ...permitted] = answersTo(number, bench.settings.minorVersion);
      bench.expect(await session.alone({}, zeroed(number)), required, ...permitted);
    }
    await bench.expectNext(session, 0, 1);
  },
};

function answersTo(number: number, minorVersion: number): [Answer, ...Answer[]] {
  const unread = [firstStatus(NFS4ERR_BADXDR), wholeStatus(NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS)];
  if (!isOperation(number, minorVersion)) {
    const notInSession = firstStatus(NFS4ERR_OP_NOT_IN_SESSION);
    const whole = wholeStatus(NFS4ERR_OP_ILLEGAL, NFS4ERR_OP_NOT_IN_SESSION);
    return [firstStatus(NFS4ERR_OP_ILLEGAL), notInSession, whole, ...unread];
  }
  const isOld = operationClass(number) === "X";
  const statuses = isOld ? [NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_NOTSUPP] : [NFS4ERR_OP_NOT_IN_SESSION];
  return [firstStatus(...statuses), wholeStatus(...statuses), ...unread];
}
