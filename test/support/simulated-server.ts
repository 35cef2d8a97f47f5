import { integer } from "./random.ts";
import type { Step } from "./scenario.ts";
import type { Request } from "./simulated-request.ts";
import { NO_ACCESS_ERROR } from "./simulated-work.ts";

const ACCESS = 13;
const DELAY = 10008;
const BADSESSION = 10052;
const RETRY_UNCACHED_REP = 10068;

interface Answer {
  readonly statuses: readonly number[];
  /** From arrival to reply. */
  readonly serviceNanos: number;
}

/** A server that keeps the rules, with all the choice that they leave. */
export class SimulatedServer {
  knowsSession = true;
  knowsClient = true;
  /** Highest slot that it accepts, and highest that it would like to be used. */
  highest = 0;
  target = 0;
  /** Every highest slot that was ever in force. */
  readonly named: number[] = [];
  /** That its client has open: without them it may let its lease run out. */
  openFiles = 0;
  readonly #next: () => number;

  constructor(next: () => number) {
    this.#next = next;
  }

  begin(slots: number): void {
    this.highest = slots - 1;
    this.target = slots - 1;
  }

  /** Slots are given at once, and taken back when the client has come down. RFC 8881 §2.10.6.1 */
  changeTable(most: number): void {
    this.target = integer(this.#next, 0, most);
    this.highest = Math.max(this.highest, this.target);
    this.named.push(this.highest);
  }

  /** What a reply says of the table: never less than its request named. RFC 8881 §18.46.3 */
  limits({ highest = 0 }: { highest?: number }): { highest: number; target: number } {
    return { highest: Math.max(this.highest, highest), target: this.target };
  }

  answer(request: Request, isCurrentSession: boolean, arrival: number): Answer {
    if (request.highest <= this.target) this.highest = this.target;
    const quick = integer(this.#next, 5, 50) * 1000;
    if (!this.knowsSession || !isCurrentSession) return { statuses: [BADSESSION], serviceNanos: quick };
    if (request.statuses !== null) return this.#again(request, request.statuses, arrival, quick);
    if (this.#next() < 0.03) return { statuses: [DELAY], serviceNanos: quick };
    const isSlow = this.#next() < 0.05;
    const serviceNanos = (isSlow ? integer(this.#next, 5000, 80_000) : integer(this.#next, 10, 2000)) * 1000;
    request.statuses = this.#outcome(request);
    this.#count(request.steps, request.statuses);
    request.doneAt = arrival + serviceNanos;
    return { statuses: request.statuses, serviceNanos };
  }

  #count(steps: readonly Step[], statuses: readonly number[]): void {
    const isWhole = statuses.every((status) => status === 0);
    const done = isWhole ? steps : steps.slice(0, statuses.length - 2);
    for (const { name } of done) {
      if (name === "OPEN") this.openFiles++;
      if (name === "CLOSE") this.openFiles = Math.max(0, this.openFiles - 1);
    }
  }

  /** A retry: still running, kept, or not kept. */
  #again({ doneAt, cachethis, steps }: Request, statuses: readonly number[], arrival: number, quick: number): Answer {
    if (arrival < doneAt) {
      const refuses = this.#next() < 0.7;
      return refuses
        ? { statuses: [DELAY], serviceNanos: quick }
        : { statuses, serviceNanos: doneAt - arrival + quick };
    }
    const isKept = cachethis || steps.length === 0 || this.#next() < 0.5;
    return { statuses: isKept ? statuses : [0, RETRY_UNCACHED_REP], serviceNanos: quick };
  }

  #outcome({ steps }: Request): readonly number[] {
    if (steps.length === 0 || this.#next() < 0.9) return [0];
    const at = integer(this.#next, 1, Math.min(2, steps.length));
    const statuses = new Array<number>(at + 1).fill(0);
    statuses[at] = NO_ACCESS_ERROR.has(steps[at - 1]!.name) || this.#next() < 0.5 ? DELAY : ACCESS;
    return statuses;
  }
}
