import { integer, pick } from "./random.ts";

/** What a simulated mount is like. */
export interface Character {
  /** The client's address. */
  host: string;
  owner: string;
  minor: number;
  connections: number;
  slots: number;
  /** Requests that it likes to have outstanding. */
  concurrency: number;
  requests: number;
  /** Of a request, that something happens when it is sent. */
  disturbances: number;
  /** The session was there before the capture; its slots are at this sequence id. Null: it is created. */
  joinedAt: number | null;
  /** First sequence id of a slot that was taken away and granted again: 1, or where it was. */
  regrant: "one" | "next";
}

export function anyCharacter(next: () => number, host: string, owner: string): Character {
  const slots = integer(next, 1, 12);
  return {
    host,
    owner,
    minor: pick(next, [1, 1, 2]),
    connections: pick(next, [1, 1, 2, 4]),
    slots,
    concurrency: integer(next, 1, slots + 2),
    requests: integer(next, 5, 60),
    disturbances: pick(next, [0, 0.02, 0.05, 0.15]),
    joinedAt: next() < 0.15 ? pick(next, [0xffff_fff8, 0xffff_ffff, 12, 70_000]) : null,
    regrant: pick(next, ["one", "next"]),
  };
}
