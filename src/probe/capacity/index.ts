import type { Probe } from "../probe.ts";
import { concurrency } from "./concurrency.ts";
import { sessionIdUniqueness } from "./session-id-uniqueness.ts";
import { sessionsPerClient } from "./sessions-per-client.ts";

/** Many sessions, many connections, many requests. */
export const capacityProbes: readonly Probe[] = [sessionIdUniqueness, sessionsPerClient, concurrency];
