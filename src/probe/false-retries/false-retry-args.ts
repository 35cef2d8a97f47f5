import { allOk } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { expectFalseRetry, FALSE_RETRY_PERMITS } from "./expect-false-retry.ts";

export const falseRetryArgs: Probe = {
  id: "false-retry-args",
  title: "Other arguments under a used sequence id are not executed",
  requires: "Nothing of the second request is executed.",
  permits: FALSE_RETRY_PERMITS,
  rfc: "RFC 8881 §2.10.6.1.3, §2.10.6.1.3.1",
  async run(bench) {
    const session = await bench.session();
    const original = await session.sequence(1, 0, { cachethis: true }, putRootFh(), getAttr("type"));
    bench.expect(original, allOk);
    expectFalseRetry(
      bench,
      original,
      await session.sequence(1, 0, { cachethis: true }, putRootFh(), getAttr("type", "fsid")),
    );
    await bench.expectNext(session, 0, 2);
  },
};
