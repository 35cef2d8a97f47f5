import { allOk, sameReplyAs } from "../answers.ts";
import { renameIn } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";

export const retryCachedNonidem: Probe = {
  id: "retry-cached-nonidem",
  title: "A retried RENAME is executed once",
  requires: "The reply of the original again, and no second RENAME.",
  rfc: "RFC 8881 §2.10.6, §2.10.6.1",
  pynfs: ["SEQ9b"],
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const onlooker = await witness(bench);
    await onlooker.makeDirectory("old");
    const send = () => session.sequence(1, 0, { cachethis: true }, ...renameIn(onlooker.directory, "old", "new"));
    const original = await send();
    bench.need(original, allOk, "a RENAME");
    // Another "old", which a second RENAME would take away.
    await onlooker.makeDirectory("old");
    bench.expect(await send(), sameReplyAs(original));
    await onlooker.expectNames("RENAME is executed once", "new", "old");
  },
};
