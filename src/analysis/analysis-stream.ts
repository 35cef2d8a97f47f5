import type { Finding } from "../rules/finding.ts";
import type { Handlers } from "../rules/rule.ts";
import type { ExchangeSink } from "../session/exchange-sink.ts";
import type { CaptureSummary } from "./analysis.ts";
import type { TimeBase } from "./time-base.ts";

/** One occurrence of a finding. */
export interface Occurrence {
  /** What it would be as a finding of its own. */
  readonly alone: Finding;
  /** Which it is part of, itself the first time; null when there are too many to tell which. */
  readonly folded: Finding | null;
}

/** Is told of what an analysis finds while it runs, and keeps none of it. */
export interface AnalysisStream {
  /** Gets facts as rules do. */
  readonly handlers: Handlers;
  /** Null where nobody wants to hear of every exchange. */
  readonly exchanges: ExchangeSink | null;
  /** Comes first: the captures as far as they are known before they are read. */
  begin(captures: readonly CaptureSummary[], timeBase: TimeBase): void;
  /** An occurrence that nothing can take back any more. */
  occurrence(occurrence: Occurrence): void;
  /** Called once a batch of frames; the next one waits for it. */
  flush(): Promise<void>;
}
