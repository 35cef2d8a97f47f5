import type { Probe } from "../probe.ts";
import { falseRetryArgs } from "./false-retry-args.ts";
import { falseRetryCachethis } from "./false-retry-cachethis.ts";
import { falseRetryFewer } from "./false-retry-fewer.ts";
import { falseRetryMutating } from "./false-retry-mutating.ts";
import { falseRetryOps } from "./false-retry-ops.ts";
import { falseRetryUser } from "./false-retry-user.ts";
import { retryHighestChanged } from "./retry-highest-changed.ts";

/** Another request under a used sequence id. */
export const falseRetryProbes: readonly Probe[] = [
  falseRetryArgs,
  falseRetryOps,
  falseRetryFewer,
  falseRetryMutating,
  falseRetryUser,
  falseRetryCachethis,
  retryHighestChanged,
];
