import { NFS4_OK } from "../nfs4/constants.ts";
import { allOk } from "./answers.ts";
import type { Bench } from "./bench.ts";
import type { Exchange } from "./exchange.ts";
import type { ProbeSession } from "./probe-session.ts";

/**
 * Requires slot 0 to stand where the error to request `seq` left it: in place when RPC refused the request or the error
 * was SEQUENCE's own, one further when it was a later operation's. Without any result it may be either. Gives the
 * sequence id that comes next. RFC 8881 §2.10.6.1.2, §2.10.6.4, §16.2.4
 */
export async function expectSlotAfter(
  bench: Bench,
  session: ProbeSession,
  failed: Exchange,
  seq: number,
): Promise<number> {
  const { reply, outcome } = failed;
  if (reply === null && outcome.kind !== "refused") return seq;
  if (reply === null || reply.results.length > 0) {
    const next = failed.statusAt(0) === NFS4_OK ? seq + 1 : seq;
    await bench.expectNext(session, 0, next);
    return next + 1;
  }
  const again = await session.sequence(seq, 0);
  if (allOk.fits(again)) {
    bench.expect(again, allOk);
    return seq + 1;
  }
  await bench.expectNext(session, 0, seq + 1);
  return seq + 2;
}
