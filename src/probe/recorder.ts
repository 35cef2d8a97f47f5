import type { CompoundCall, PendingCompound } from "../requester/compound-call.ts";
import type { Timers } from "../sys/timers.ts";
import { answerText, callText } from "./operation-text.ts";
import type { Verdict } from "./probe.ts";
import { type CheckStep, type ExchangeStep, type Step, worse } from "./result.ts";

/** Steps kept of one probe; more are counted in the last one. */
const STEPS_MAX = 2000;

/** Writes down what happens in a probe. */
export class Recorder {
  readonly steps: Step[] = [];
  /** Of the checks so far; null before the first. */
  verdict: Verdict | null = null;
  /** Steps beyond STEPS_MAX. */
  omitted = 0;
  /** Requests whose connection ended before the answer. */
  lostAnswers = 0;
  /** Requests are written down no more: what cleans up is of no interest. */
  isOver = false;
  readonly #timers: Timers;
  readonly #startNanos: number;

  constructor(timers: Timers) {
    this.#timers = timers;
    this.#startNanos = timers.nowNanos();
  }

  get elapsedMillis(): number {
    return (this.#timers.nowNanos() - this.#startNanos) / 1e6;
  }

  /** A request goes out; its answer is filled in when it comes. */
  exchange(connection: string, call: CompoundCall, pending: PendingCompound): void {
    if (this.isOver) return;
    const step: ExchangeStep = {
      kind: "exchange",
      connection,
      atMillis: this.elapsedMillis,
      sent: callText(call),
      answered: null,
      answeredAtMillis: null,
    };
    this.#add(step);
    void pending.outcome.then((outcome) => {
      if (outcome.kind === "lost") this.lostAnswers++;
      step.answered = answerText(outcome);
      step.answeredAtMillis = this.elapsedMillis;
    });
  }

  check(verdict: Verdict, required: string, observed: string): void {
    const step: CheckStep = { kind: "check", atMillis: this.elapsedMillis, verdict, required, observed };
    this.verdict = this.verdict === null ? verdict : worse(this.verdict, verdict);
    // What decides is kept whatever happened before.
    if (verdict === "pass") this.#add(step);
    else this.steps.push(step);
  }

  note(text: string): void {
    this.#add({ kind: "note", atMillis: this.elapsedMillis, text });
  }

  /** The first check that made the verdict what it is, in words; empty for a plain pass. */
  get reason(): string {
    const { verdict } = this;
    if (verdict === null || verdict === "pass") return "";
    const decisive = this.steps.find((step) => step.kind === "check" && step.verdict === verdict);
    if (decisive?.kind !== "check") return "";
    return `${decisive.observed}; ${verdict === "deviates" ? "required" : "usual"}: ${decisive.required}`;
  }

  #add(step: Step): void {
    if (this.steps.length < STEPS_MAX) this.steps.push(step);
    else this.omitted++;
  }
}
