import { errorAt, sameReplyAs } from "../answers.ts";
import { lookup, putFh, putRootFh, renameIn } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const retryCachedError: Probe = {
  id: "retry-cached-error",
  title: "A retry gets the kept error",
  requires: "The error of the original again: of a LOOKUP and of a RENAME with empty names.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.4",
  pynfs: ["SEQ9c", "SEQ9d"],
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const { fileHandle } = await bench.scratch();
    const failing = [[putFh(fileHandle), lookup("")], [putRootFh(), lookup("")], renameIn(fileHandle, "", "")];
    for (const [index, operations] of failing.entries()) {
      const send = () => session.sequence(index + 1, 0, { cachethis: true }, ...operations);
      const original = await send();
      bench.need(original, errorAt(operations.length), "an error to be kept");
      bench.expect(await send(), sameReplyAs(original));
    }
    await bench.expectNext(session, 0, failing.length + 1);
  },
};
