import type { Fault, Report, Rule } from "../rules/rule.ts";
import type { Call } from "../session/call.ts";

/** A report, and the rules that have to keep silent because of it. */
interface Mark {
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
  /** By transmission, one mark for each rule. */
  readonly #ofCall = new WeakMap<Call, Map<string, Mark>>();
  /** By first transmission, one mark for each rule and party. */
  readonly #ofRequest = new WeakMap<Call, Map<string, Mark>>();

  constructor(rules: readonly Rule[]) {
    this.#silencedBy = closureOf(rules);
  }

  /** To be told of every report that stands, or that only missing bytes may explain. */
  note(rule: Rule, report: Report): void {
    const silenced = this.#silencedBy.get(rule.id);
    const { call } = report;
    if (silenced === undefined || call === undefined) return;
    const fault = faultOf(rule, report);
    const mark = { silenced, report, fault };
    put(this.#ofCall, call, rule.id, mark);
    put(this.#ofRequest, call.first, `${rule.id} ${fault}`, mark);
  }

  /** A narrower rule speaks of it; `stands` says of its report whether it still does. */
  isSuperseded(rule: Rule, report: Report, stands: (other: Report) => boolean): boolean {
    const { call } = report;
    if (call === undefined) return false;
    const fault = faultOf(rule, report);
    const silences = (mark: Mark) => mark.silenced.has(rule.id) && stands(mark.report);
    for (const mark of this.#ofCall.get(call)?.values() ?? []) if (silences(mark)) return true;
    for (const mark of this.#ofRequest.get(call.first)?.values() ?? [])
      if (mark.fault === fault && silences(mark)) return true;
    return false;
  }
}

function faultOf(rule: Rule, report: Report): Fault {
  return report.fault ?? rule.fault;
}

function put(marks: WeakMap<Call, Map<string, Mark>>, call: Call, key: string, mark: Mark): void {
  const known = marks.get(call);
  if (known === undefined) marks.set(call, new Map([[key, mark]]));
  else known.set(key, mark);
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
