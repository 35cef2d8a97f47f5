import type { Fault, Report, Rule } from "../rules/rule.ts";
import type { Call } from "../session/call.ts";

/** A report, and the rules that have to keep silent because of it. */
interface Mark {
  readonly rule: Rule;
  readonly silenced: ReadonlySet<string>;
  readonly report: Report;
  readonly fault: Fault;
}

/**
 * One exchange, one accusation: remembers which rules are silenced by narrower ones (`Rule.supersedes`). About the
 * same transmission whoever is blamed, about other transmissions of the request only where the same party is.
 */
export class Supersession {
  readonly #silencedBy: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #silenceable: ReadonlySet<string>;
  /** By transmission, one mark for each rule. Nearly always there is but one. */
  readonly #ofCall = new WeakMap<Call, Mark[]>();
  /** By first transmission, one mark for each rule and party. */
  readonly #ofRequest = new WeakMap<Call, Mark[]>();

  constructor(rules: readonly Rule[]) {
    this.#silencedBy = closureOf(rules);
    this.#silenceable = new Set([...this.#silencedBy.values()].flatMap((ids) => [...ids]));
  }

  /** It may silence another rule, or another it. */
  concerns({ id }: Rule): boolean {
    return this.#silencedBy.has(id) || this.#silenceable.has(id);
  }

  /** To be told of every report that stands, or that only missing bytes may explain. */
  note(rule: Rule, report: Report): void {
    const silenced = this.#silencedBy.get(rule.id);
    const { call } = report;
    if (silenced === undefined || call === undefined) return;
    const mark = { rule, silenced, report, fault: faultOf(rule, report) };
    put(this.#ofCall, call, mark, (known) => known.rule === rule);
    put(this.#ofRequest, call.first, mark, (known) => known.rule === rule && known.fault === mark.fault);
  }

  /** A narrower rule speaks of it; `stands` says of its report whether it still does. */
  isSuperseded(rule: Rule, report: Report, stands: (other: Report) => boolean): boolean {
    const { call } = report;
    if (call === undefined) return false;
    const fault = faultOf(rule, report);
    const silences = (mark: Mark) => mark.silenced.has(rule.id) && stands(mark.report);
    for (const mark of this.#ofCall.get(call) ?? []) if (silences(mark)) return true;
    for (const mark of this.#ofRequest.get(call.first) ?? []) if (mark.fault === fault && silences(mark)) return true;
    return false;
  }
}

function faultOf(rule: Rule, report: Report): Fault {
  return report.fault ?? rule.fault;
}

function put(marks: WeakMap<Call, Mark[]>, call: Call, mark: Mark, isSame: (known: Mark) => boolean): void {
  const known = marks.get(call);
  if (known === undefined) {
    marks.set(call, [mark]);
    return;
  }
  const at = known.findIndex(isSame);
  if (at < 0) known.push(mark);
  else known[at] = mark;
}

/** For each rule that supersedes others: those, and those that they supersede in turn. */
function closureOf(rules: readonly Rule[]): Map<string, ReadonlySet<string>> {
  const direct = new Map(rules.map(({ id, supersedes = [] }) => [id, supersedes]));
  const closure = new Map<string, ReadonlySet<string>>();
  for (const [id, supersedes] of direct) {
    if (supersedes.length === 0) continue;
    const all = new Set(supersedes);
    // A set gives out what is added to it while it is being walked.
    for (const general of all) for (const next of direct.get(general) ?? []) all.add(next);
    all.delete(id);
    closure.set(id, all);
  }
  return closure;
}
