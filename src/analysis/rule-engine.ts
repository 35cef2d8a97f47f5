import type { CaptureFacts, Handlers, Report, Rule, RuleContext } from "../rules/rule.ts";
import type { Call } from "../session/call.ts";
import type { FactKind, Facts } from "../session/facts.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { Sighting } from "../session/sighting.ts";
import { judgeConfidence } from "./confidence.ts";
import { Findings } from "./findings.ts";

/** Times at two capture points cannot be compared closer than this. RULES.md C.4 */
const CLOCK_BOUND_NANOS = 500_000;

type Handler = (fact: never) => void;

/** What the engine needs to know of the world for the rules' sake. */
export interface World {
  readonly servers: Iterable<ObservedServer>;
  readonly connections: Iterable<ObservedConnection>;
  readonly capture: CaptureFacts;
  argsOf(call: Call, index: number): unknown;
  resultOf(call: Call, index: number): unknown;
}

/** Hands each fact to the rules that watch its kind, and their reports to the findings. */
export class RuleEngine {
  readonly findings = new Findings();
  /** Accusations held back because bytes were missing near them, by rule id. */
  readonly suppressed = new Map<string, number>();
  readonly #handlers = new Map<FactKind, Handler[]>();
  readonly #newCall = this.#handlersOf("call-new");
  readonly #cleanAnswer = this.#handlersOf("answer-clean");

  constructor(rules: readonly Rule[], world: World) {
    for (const rule of rules) {
      const handlers = rule.watch(this.#contextFor(rule, world));
      for (const kind of Object.keys(handlers) as (keyof Handlers)[])
        this.#handlersOf(kind).push(handlers[kind] as Handler);
    }
  }

  tell<K extends FactKind>(kind: K, fact: Facts[K]): void {
    if (kind === "call-new") this.#tellOfCall(this.#newCall, fact as Call);
    else if (kind === "answer-clean") this.#tellOfCall(this.#cleanAnswer, fact as Call);
    else if (!isBackChannel(fact)) tellAll(this.#handlersOf(kind), fact);
  }

  /** Nearly all facts take this way: no look-up, and nothing but calls. */
  #tellOfCall(handlers: readonly Handler[], call: Call): void {
    if (call.channel === "fore") tellAll(handlers, call);
  }

  #handlersOf(kind: FactKind): Handler[] {
    let handlers = this.#handlers.get(kind);
    if (handlers === undefined) {
      handlers = [];
      this.#handlers.set(kind, handlers);
    }
    return handlers;
  }

  #contextFor(rule: Rule, world: World): RuleContext {
    return {
      report: (report) => this.#take(rule, report),
      suppressed: this.suppressed,
      get servers() {
        return world.servers;
      },
      get connections() {
        return world.connections;
      },
      get capture() {
        return world.capture;
      },
      isOrdered,
      argsOf: (call, index) => world.argsOf(call, index),
      resultOf: (call, index) => world.resultOf(call, index),
    };
  }

  #take(rule: Rule, report: Report): void {
    const judged = judgeConfidence(rule, report, isReportOrdered);
    if (judged !== null) this.findings.add(rule, report, judged);
    else this.suppressed.set(rule.id, (this.suppressed.get(rule.id) ?? 0) + 1);
  }
}

function tellAll(handlers: readonly Handler[], fact: unknown): void {
  for (let i = 0; i < handlers.length; i++) handlers[i]!(fact as never);
}

/** The rules are those of the fore channel. */
function isBackChannel(fact: Facts[FactKind]): boolean {
  const { channel, call } = fact as { channel?: unknown; call?: Call };
  return channel === "back" || call?.channel === "back";
}

function isOrdered(
  earlier: Sighting,
  earlierOn: ObservedConnection,
  later: Sighting,
  laterOn: ObservedConnection,
): boolean {
  if (earlierOn === laterOn && earlier.capture === later.capture) return earlier.at <= later.at;
  const travel = Number.isFinite(laterOn.roundTripNanos) ? laterOn.roundTripNanos / 2 : 0;
  return later.at - earlier.at > CLOCK_BOUND_NANOS + travel;
}

/** A retry and its original on two connections are the usual case in which order is in doubt. */
function isReportOrdered({ call, frames }: Report): boolean {
  const other = call?.original ?? call?.previous;
  if (call === undefined || other == null || other.connection === call.connection || frames.length < 2) return true;
  return isOrdered(other, other.connection, call, call.connection);
}
