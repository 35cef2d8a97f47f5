import { allOk } from "../answers.ts";
import { getAttr, putFh, remove } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { expectFalseRetry, FALSE_RETRY_PERMITS } from "./expect-false-retry.ts";

export const falseRetryMutating: Probe = {
  id: "false-retry-mutating",
  title: "A REMOVE under a used sequence id removes nothing",
  requires: "REMOVE is not executed.",
  permits: FALSE_RETRY_PERMITS,
  rfc: "RFC 8881 §2.10.6.1.3, §2.10.6.1.3.1",
  writes: true,
  async run(bench) {
    const session = await bench.session();
    const onlooker = await witness(bench);
    await onlooker.makeDirectory("kept");
    const directory = putFh(onlooker.directory);
    const original = await session.sequence(1, 0, { cachethis: true }, directory, getAttr("type"));
    bench.expect(original, allOk);
    expectFalseRetry(bench, original, await session.sequence(1, 0, { cachethis: true }, directory, remove("kept")));
    await onlooker.expectNames("REMOVE is not executed", "kept");
    await bench.expectNext(session, 0, 2);
  },
};
