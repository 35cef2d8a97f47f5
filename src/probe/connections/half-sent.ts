import { allOk } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const halfSent: Probe = {
  id: "half-sent",
  title: "A connection ends in the middle of a request",
  requires: "The request is OK when it comes whole, on another connection: the part of it changed nothing.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.13.1.2; RFC 5531 §11",
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const operations = [putRootFh(), getAttr("type")];
    const { length } = session.record(1, 0, {}, ...operations);
    // In the record mark, in the header, and without the last word.
    for (const [index, cut] of [2, Math.floor(length / 2), length - 4].entries()) {
      const seq = index + 1;
      const broken = await client.connect();
      broken.sendBytes(session.record(seq, 0, {}, ...operations).subarray(0, cut));
      broken.close();
      bench.note(`c${broken.number}: ${cut} of ${length} bytes of the request, and FIN`);
      session.moveTo(await client.connect());
      bench.expect(await session.sequence(seq, 0, {}, ...operations), allOk);
    }
    await bench.expectNext(session, 0, 4);
  },
};
