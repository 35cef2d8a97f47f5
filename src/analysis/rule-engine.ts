import type { CaptureFacts, Handlers, Report, Rule, RuleContext } from "../rules/rule.ts";
import { CLOCK_BOUND_NANOS, travelNanos } from "../rules/travel.ts";
import { Call } from "../session/call.ts";
import type { FactKind, Facts } from "../session/facts.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { Sighting } from "../session/sighting.ts";
import { connectionsOf, doubtfulSince, isHiddenByGap, isHiddenByTail, judgeConfidence } from "./confidence.ts";
import { evidenceOf, Findings } from "./findings.ts";
import { type HeldReport, HeldReports } from "./held-reports.ts";
import { Listeners, operationsOn, tellAll } from "./listeners.ts";
import { Supersession } from "./supersession.ts";

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
  readonly held = new HeldReports((report) => this.#settle(report));
  /** The capture's time at the last tick. */
  #now = Number.NEGATIVE_INFINITY;
  readonly #world: World;
  readonly #supersession: Supersession;
  readonly #fore = new Listeners();
  readonly #back = new Listeners();
  /** For facts of no channel. */
  readonly #either = new Listeners();
  readonly #newCall = this.#fore.of("call-new");
  readonly #cleanAnswer = this.#fore.of("answer-clean");

  constructor(rules: readonly Rule[], world: World) {
    this.#world = world;
    this.#supersession = new Supersession(rules);
    const common = commonContext(world, this.suppressed);
    for (const rule of rules) {
      const handlers = rule.watch(this.#contextFor(rule, common));
      const { channel = "fore" } = rule;
      this.#either.add([], handlers);
      if (channel !== "back") this.#fore.add(operationsOn("fore", rule), handlers);
      if (channel !== "fore") this.#back.add(operationsOn("back", rule), handlers);
    }
  }

  /** Tells somebody who is no rule of facts that belong to no channel. */
  listen(handlers: Handlers): void {
    this.#either.add([], handlers);
  }

  tell<K extends FactKind>(kind: K, fact: Facts[K]): void {
    // Nearly all facts take the first two ways: no look-up, and nothing but calls of the fore channel.
    if (kind === "call-new" && (fact as Call).channel === "fore") tellAll(this.#newCall, fact);
    else if (kind === "answer-clean" && (fact as Call).channel === "fore") tellAll(this.#cleanAnswer, fact);
    else if (kind === "tick" || kind === "end") this.#tellTime(kind, fact as number);
    else this.#listenersOf(fact).tell(kind, fact);
  }

  #listenersOf(fact: Facts[FactKind]): Listeners {
    const channel = channelOf(fact);
    if (channel === null) return this.#either;
    return channel === "fore" ? this.#fore : this.#back;
  }

  /** At the end the rules on the capture see what became of all reports before, and their own are settled at once. */
  #tellTime(kind: "tick" | "end", at: number): void {
    this.#now = at;
    this.held.release(kind === "end" ? Number.POSITIVE_INFINITY : at);
    this.#either.tell(kind, at);
    if (kind === "end") this.held.release(Number.POSITIVE_INFINITY);
  }

  #contextFor(rule: Rule, common: CommonContext): RuleContext {
    // Named one by one: a spread costs ten times as much, for each rule of each run.
    const { capture, suppressed, servers, connections, isOrdered, argsOf, resultOf } = common;
    return {
      capture,
      suppressed,
      servers,
      connections,
      isOrdered,
      argsOf,
      resultOf,
      channel: rule.channel === "back" ? "back" : "fore",
      report: (report) => this.#take(rule, report),
      option: (name) => optionOf(rule, name),
    };
  }

  #take(rule: Rule, report: Report): void {
    const judged = judgeConfidence(rule, report, (told) => isReportOrdered(told, this.#world.capture.crossingNanos));
    if (judged !== null && this.#isFinal(rule, report) && this.findings.addRepetition(rule, report, judged)) return;
    const since = doubtfulSince(report);
    const connections = connectionsOf(report);
    // What a hole explains is explained: the more general rule does not accuse either.
    if (judged !== null || isExplainedByGap(rule, report, since, connections)) this.#supersession.note(rule, report);
    if (judged === null) this.#suppress(rule);
    else this.held.hold({ rule, report, judged, evidence: evidenceOf(report), since, connections }, this.#now);
  }

  /** It accuses nobody, and nothing that may come to light changes it: in a capture with holes there are many of these. */
  #isFinal(rule: Rule, { fault = rule.fault, holds, call }: Report): boolean {
    if (fault !== "capture" || rule.downgrades.G !== undefined || holds !== undefined) return false;
    return call?.original == null && this.#world.capture.crossingNanos === 0 && !this.#supersession.concerns(rule);
  }

  /** What was hidden by a hole that nobody knew of at first is no finding. */
  #settle({ rule, report, judged, evidence, since, connections }: HeldReport): void {
    if (!this.#stands(report)) return;
    if (this.#supersession.isSuperseded(rule, report, (other) => this.#stands(other))) return;
    if (isExplainedByGap(rule, report, since, connections)) this.#suppress(rule);
    else this.findings.add(rule, report, judged, evidence);
  }

  /** Nothing that was recorded late showed it to be wrong. */
  #stands({ holds, call }: Report): boolean {
    const isOneInterface = this.#world.capture.crossingNanos === 0;
    return holds?.() !== false && (isOneInterface || !call?.isOutOfOrder);
  }

  #suppress({ id }: Rule): void {
    this.suppressed.set(id, (this.suppressed.get(id) ?? 0) + 1);
  }
}

/** What all rules are given alike. */
type CommonContext = Omit<RuleContext, "report" | "option" | "channel">;

function commonContext(world: World, suppressed: ReadonlyMap<string, number>): CommonContext {
  const { capture } = world;
  return {
    capture,
    suppressed,
    // Iterated anew each time: a rule may take them apart when nothing was seen yet.
    servers: { [Symbol.iterator]: () => world.servers[Symbol.iterator]() },
    connections: { [Symbol.iterator]: () => world.connections[Symbol.iterator]() },
    isOrdered: (earlier, earlierOn, later, laterOn) =>
      isOrdered(earlier, earlierOn, later, laterOn, capture.crossingNanos),
    argsOf: (call, index) => world.argsOf(call, index),
    resultOf: (call, index) => world.resultOf(call, index),
  };
}

function optionOf({ id, options }: Rule, name: string): number {
  const value = options?.[name];
  if (value === undefined) throw new Error(`rule ${id} has no option ${name}`);
  return value;
}

function isExplainedByGap(
  { downgrades }: Rule,
  report: Report,
  since: number,
  connections: readonly ObservedConnection[],
): boolean {
  return downgrades.G !== undefined && (isHiddenByGap(report, since, connections) || isHiddenByTail(connections));
}

/** Null for facts that belong to no channel. */
function channelOf(fact: Facts[FactKind]): "fore" | "back" | null {
  if (fact instanceof Call) return fact.channel;
  const { call } = fact as { call?: Call };
  return call?.channel ?? null;
}

function isOrdered(
  earlier: Sighting,
  earlierOn: ObservedConnection,
  later: Sighting,
  laterOn: ObservedConnection,
  crossingNanos: number,
): boolean {
  const apart = later.at - earlier.at;
  if (earlierOn === laterOn && earlier.capture === later.capture) return apart >= crossingNanos;
  return apart > Math.max(CLOCK_BOUND_NANOS, crossingNanos) + travelNanos(laterOn);
}

/** A retry and its original on two connections are the usual case in which order is in doubt. */
function isReportOrdered({ call, frames }: Report, crossingNanos: number): boolean {
  const other = call?.original ?? call?.previous;
  if (call === undefined || other == null || other.connection === call.connection || frames.length < 2) return true;
  return isOrdered(other, other.connection, call, call.connection, crossingNanos);
}
