import type { Link, Message, Timed, Traffic, TrafficEvent } from "./traffic.ts";

/** Between what is put in, and before what follows. */
const STEP_NANOS = 200_000;

/** Traffic on its way to be changed. */
export class Draft {
  #timed: Timed[];

  constructor(traffic: Traffic) {
    this.#timed = [...traffic];
  }

  get traffic(): Traffic {
    return this.#timed;
  }

  /** Where an event stands now. */
  indexOf(event: TrafficEvent): number {
    const index = this.#timed.findIndex((timed) => timed.event === event);
    if (index < 0) throw new RangeError("no event of this traffic");
    return index;
  }

  at(event: TrafficEvent): number {
    return this.#timed[this.indexOf(event)]!.at;
  }

  /** What comes from an event on, itself left out. */
  after(event: TrafficEvent): TrafficEvent[] {
    return this.#timed.slice(this.indexOf(event) + 1).map((timed) => timed.event);
  }

  replace(message: Message, changes: Partial<Message>): Message {
    const index = this.indexOf(message);
    const changed = { ...message, ...changes };
    this.#timed[index] = { at: this.#timed[index]!.at, event: changed };
    return changed;
  }

  remove(event: TrafficEvent): void {
    this.#timed.splice(this.indexOf(event), 1);
  }

  /** Puts events in, `step` apart from each other and from what is there, which comes so much later from there on. */
  insertAfter(anchor: TrafficEvent, events: readonly TrafficEvent[], step = STEP_NANOS): void {
    this.#insert(this.indexOf(anchor) + 1, this.at(anchor), events, step);
  }

  insertBefore(anchor: TrafficEvent, events: readonly TrafficEvent[], step = STEP_NANOS): void {
    const index = this.indexOf(anchor);
    this.#insert(index, this.#timed[index - 1]?.at ?? 0, events, step);
  }

  #insert(index: number, since: number, events: readonly TrafficEvent[], step: number): void {
    const head = this.#timed.slice(0, index);
    const late = this.#timed.slice(index).map(({ at, event }) => ({ at: at + (events.length + 1) * step, event }));
    const put = events.map((event, i) => ({ at: since + (i + 1) * step, event }));
    this.#timed = [...head, ...put, ...late];
  }

  /** Moves all that comes from an event on over to another connection. */
  moveAfter(anchor: TrafficEvent, from: Link, to: Link): void {
    const start = this.indexOf(anchor) + 1;
    this.#timed = this.#timed.map((timed, i) => {
      if (i < start || timed.event.link !== from) return timed;
      return { at: timed.at, event: { ...timed.event, link: to } };
    });
  }
}
