import { allOk } from "../answers.ts";
import { createDirectory, putFh, remove } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";

export const retryUncachedNoExec: Probe = {
  id: "retry-uncached-no-exec",
  title: "A request is not executed again because its reply was not kept",
  requires: "A retried CREATE makes nothing and a retried REMOVE removes nothing, whatever they are answered.",
  rfc: "RFC 8881 §2.10.6.1.3, §18.46.3",
  knownDeviations: "Old FreeBSD executes such retries again.",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const onlooker = await witness(bench);
    const directory = putFh(onlooker.directory);

    const create = () => session.sequence(1, 0, {}, directory, createDirectory("made"));
    bench.need(await create(), allOk, "a CREATE");
    await onlooker.remove("made");
    await create();
    await onlooker.expectNames("CREATE is executed once");

    await onlooker.makeDirectory("kept");
    const unmake = () => session.sequence(2, 0, {}, directory, remove("kept"));
    bench.need(await unmake(), allOk, "a REMOVE");
    await onlooker.makeDirectory("kept");
    await unmake();
    await onlooker.expectNames("REMOVE is executed once", "kept");
    await bench.expectNext(session, 0, 3);
  },
};
