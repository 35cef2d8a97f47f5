import { NFS4ERR_OP_NOT_IN_SESSION, OP_PUTROOTFH } from "../../nfs4/constants.ts";
import { answer, firstStatus, wholeStatus } from "../answers.ts";
import { putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const noSequence: Probe = {
  id: "no-sequence",
  title: "PUTROOTFH without SEQUENCE",
  requires: "OP_NOT_IN_SESSION on PUTROOTFH.",
  permits: "The same on ILLEGAL, or without any result.",
  rfc: "RFC 8881 §18.46.3, §15.1.3.5",
  pynfs: ["SEQ11"],
  async run(bench) {
    const session = await bench.session();
    const refused = firstStatus(NFS4ERR_OP_NOT_IN_SESSION);
    const onPutRootFh = answer("OP_NOT_IN_SESSION on PUTROOTFH", (exchange) => {
      return refused.fits(exchange) && exchange.reply?.results[0]?.number === OP_PUTROOTFH;
    });
    const exchange = await session.alone({}, putRootFh());
    bench.expect(exchange, onPutRootFh, refused, wholeStatus(NFS4ERR_OP_NOT_IN_SESSION));
    await bench.expectNext(session, 0, 1);
  },
};
