import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  CREATE_SESSION4_FLAG_CONN_RDMA,
  NFS4ERR_INVAL,
} from "../../nfs4/constants.ts";
import { CREATE_SESSION4res } from "../../nfs4/ops/session.ts";
import { type Answer, answer, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

const UNDEFINED = 0x0000_0100;
/** Never in the result unless asked for. RFC 8881 §18.36.3 */
const ONLY_IF_ASKED = CREATE_SESSION4_FLAG_CONN_BACK_CHAN | CREATE_SESSION4_FLAG_CONN_RDMA | UNDEFINED;

export const csFlags: Probe = {
  id: "cs-flags",
  title: "CREATE_SESSION without flags, with one, and with one that is none",
  requires:
    "CONN_BACK_CHAN and CONN_RDMA only where asked for; the undefined flag is never set. To that INVAL and OK are both right.",
  rfc: "RFC 8881 §18.36.3",
  pynfs: ["CSESS15"],
  async run(bench) {
    const invalid = firstStatus(NFS4ERR_INVAL);
    const ask = async (flags: number) => {
      const { client, connection } = await unconfirmedClient(bench);
      return (await client.createSession(connection, { flags })).exchange;
    };
    for (const flags of [0, CREATE_SESSION4_FLAG_CONN_BACK_CHAN]) bench.expect(await ask(flags), okWithin(flags));
    const lenient = okWithin(0);
    const either = answer(`${invalid.text}, or ${lenient.text}`, (exchange) => {
      return invalid.fits(exchange) || lenient.fits(exchange);
    });
    bench.expect(await ask(UNDEFINED), either);
  },
};

/** A session, and of the flags that have to be asked for no others. */
function okWithin(asked: number): Answer {
  return answer(`OK, csr_flags within ${asked}`, (exchange) => {
    const flags = exchange.result(CREATE_SESSION4res)?.csr_resok4?.csr_flags;
    return flags !== undefined && (flags & ONLY_IF_ASKED & ~asked) === 0;
  });
}
