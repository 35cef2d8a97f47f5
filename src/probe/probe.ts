import type { Bench } from "./bench.ts";

/** How a probe ended. */
export type Verdict =
  /** The server did what the RFC requires. */
  | "pass"
  /** It did something else that the RFC permits. */
  | "pass-alternative"
  /** It did what the RFC forbids, or not what it requires. */
  | "deviates"
  /** What happened does not decide the question. */
  | "inconclusive"
  /** The probe could not be run here, for a reason that is no fault of the server. */
  | "skipped";

/** The folders of src/probe: what a probe is about. */
export type ProbeFamily =
  | "first-requests"
  | "retries"
  | "in-progress"
  | "false-retries"
  | "slot-range"
  | "positions"
  | "sizes"
  | "client-ids"
  | "create-session"
  | "destroy-session"
  | "connections"
  | "state"
  | "compounds"
  | "back-channel"
  | "capacity"
  | "recovery";

/** One conformance probe: a few requests, and what the RFC wants for an answer. */
export interface Probe {
  /** The file's name. */
  readonly id: string;
  readonly title: string;
  /** What the server has to do, in words. */
  readonly requires: string;
  /** What it may do instead; absent when nothing. */
  readonly permits?: string;
  /** `RFC 8881 §2.10.6.1` */
  readonly rfc: string;
  /** Tests of pynfs that ask the same question. */
  readonly pynfs?: readonly string[];
  /** Which servers are known to do something else, and what. */
  readonly knownDeviations?: string;
  /** Only run when named: it takes long or disturbs others. Says what it costs: "waits three lease periods". */
  readonly optIn?: string;
  /** It may take so long, whatever the time limit of others is. */
  readonly millisMax?: number;
  /** It creates or changes objects below the export, which it removes again. */
  readonly writes?: boolean;
  run(bench: Bench): Promise<void>;
}
