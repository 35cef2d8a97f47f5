import type { Hooks } from "../hooks.ts";

/** A way to misbehave on purpose. */
export interface Fault {
  /** The rule that it breaks. */
  readonly id: string;
  /** What the server does, in a sentence that begins with a verb. */
  readonly does: string;
  /** Probes that must notice, by id; empty where it shows only to who reads the traffic. */
  readonly probes: readonly string[];
  /** New ones for each server: some remember what they did. */
  readonly hooks: () => Hooks;
}
