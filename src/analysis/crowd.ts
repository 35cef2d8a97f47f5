import { counted } from "../rules/counted.ts";
import type { Finding } from "../rules/finding.ts";
import type { Report, Rule } from "../rules/rule.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { Upheaval } from "../session/upheavals.ts";

/** Slots, sessions and clients that are told apart in one finding. */
const COUNTED_MAX = 65_536;

/** The upheaval of its server that a report is a part of: it lies between the last good state and what is reported. */
export function upheavalOf({ oncePerUpheaval = false }: Rule, report: Report): Upheaval | null {
  const server = oncePerUpheaval ? serverOf(report) : null;
  const first = report.frames[0];
  const last = report.frames.at(-1);
  if (server === null || first === undefined || last === undefined) return null;
  const slot = report.call?.slot ?? null;
  if (slot === null) return server.upheavals.around(last.at);
  const since = Math.min(report.since ?? Number.POSITIVE_INFINITY, slot.cleanAt, first.at);
  return server.upheavals.between(since, last.at);
}

function serverOf({ call, session, client, connection }: Report): ObservedServer | null {
  const known = session?.server ?? client?.server ?? call?.session?.server;
  return known ?? connection?.serverInstance ?? call?.connection.serverInstance ?? null;
}

const CAUSES = {
  restart: "restarted",
  takeover: "stands elsewhere on all of them at once, as after a takeover of its address",
  "slots-refused": "refused them all at once: it is still busy with them, or stands elsewhere",
  "sessions-lost": "lost many sessions at once",
} as const;

/** What one upheaval did to many slots, sessions and clients, in the place of a finding for each. */
export class Crowd {
  readonly #finding: Finding;
  readonly #firstMessage: string;
  readonly #server: ObservedServer | null;
  readonly #upheaval: Upheaval;
  readonly #places = {
    slot: new Set<unknown>(),
    session: new Set<unknown>(),
    client: new Set<unknown>(),
    connection: new Set<unknown>(),
  };

  constructor(finding: Finding, report: Report, upheaval: Upheaval) {
    this.#finding = finding;
    this.#firstMessage = finding.message;
    this.#server = serverOf(report);
    this.#upheaval = upheaval;
    this.#count(report, finding);
  }

  /** The finding loses what is not the same for all, and says how many there are. */
  join(report: Report, place: Pick<Finding, "session" | "client" | "connection" | "slot" | "seq">): void {
    const finding = this.#finding;
    for (const key of ["session", "client", "connection", "slot", "seq"] as const)
      if (finding[key] !== place[key]) Object.assign(finding, { [key]: null });
    // The same number on another session is another slot.
    if (finding.session === null) Object.assign(finding, { slot: null, seq: null });
    if (this.#count(report, place)) finding.message = this.#message();
  }

  /** True when it is somewhere where it was not before. */
  #count(
    { call }: Report,
    { session, client, connection }: Pick<Finding, "session" | "client" | "connection">,
  ): boolean {
    const isNew = [
      this.#add("slot", call?.slot ?? null),
      this.#add("session", session),
      this.#add("client", client),
      this.#add("connection", connection),
    ];
    return isNew.includes(true);
  }

  #add(kind: "slot" | "session" | "client" | "connection", what: unknown): boolean {
    const known = this.#places[kind];
    if (what === null || known.has(what) || known.size >= COUNTED_MAX) return false;
    known.add(what);
    return true;
  }

  #message(): string {
    const { slot, session, client, connection } = this.#places;
    const others: string[] = [];
    if (slot.size > Math.max(1, session.size)) others.push(`${counted(slot.size, "slot")} in all`);
    if (session.size > 1) others.push(`${counted(session.size, "session")} in all`);
    else if (client.size > 1) others.push(`${counted(client.size, "client")} in all`);
    else if (slot.size === 0 && connection.size > 1) others.push(`${counted(connection.size, "connection")} in all`);
    if (others.length === 0) return this.#firstMessage;
    const cause = `server ${this.#server?.endpoint} ${CAUSES[this.#upheaval.kind]}`;
    return `${this.#firstMessage}; ${others.join(", ")}: ${cause}`;
  }
}
