import { allOk } from "../answers.ts";
import { createDirectory, putFh, write } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { BREAKS_AFTER_MILLIS, loseReply, untilDone } from "./lost-reply.ts";

const DATA = new Uint8Array(1024);

export const connLossMid: Probe = {
  id: "conn-loss-mid",
  title: "The connection breaks before the reply, and the request is retried on another",
  requires: "The retry succeeds: the request was executed once, whether or not it had arrived before.",
  permits: "DELAY or SEQ_MISORDERED while the original runs.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.2, §2.10.13.1.2",
  writes: true,
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const onlooker = await witness(bench);
    const file = putFh(await onlooker.makeFile("written"));
    const names = ["written"];
    for (const [index, millis] of BREAKS_AFTER_MILLIS.entries()) {
      const seq = index + 1;
      const name = `made-${seq}`;
      // Executed twice, CREATE would say EXIST.
      const operations = [file, write(DATA), putFh(onlooker.directory), createDirectory(name)];
      await loseReply(bench, { client, session }, millis, seq, operations);
      const again = await untilDone(bench, () => session.sequence(seq, 0, { cachethis: true }, ...operations));
      bench.expect(again, allOk);
      names.push(name);
    }
    await onlooker.expectNames("each request is executed", ...names);
    await bench.expectNext(session, 0, BREAKS_AFTER_MILLIS.length + 1);
  },
};
