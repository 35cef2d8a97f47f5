import type { Totals } from "./analysis.ts";

/** `program.version` pairs counted apart; hostile traffic could name four billion. */
const PROGRAMS_MAX = 256;

/** Counts what the report's totals and coverage show. */
export class Tally {
  rpcCalls = 0;
  rpcReplies = 0;
  unansweredCalls = 0;
  readonly compounds: Totals["compounds"] = [0, 0, 0];
  callbackCalls = 0;
  callbackReplies = 0;
  sequenceCalls = 0;
  sequenceReplies = 0;
  /** Calls and replies that the snap length cut before the end of their first operation. */
  sequencesCut = 0;
  /** COMPOUND calls with RPCSEC_GSS credentials. */
  gssCalls = 0;
  tcpConnections = 0;
  /** UDP messages count as records too. */
  datagrams = 0;
  /** Records that could not be read to their end. */
  notUnderstood = 0;
  readonly otherRpc = new Map<string, number>();
  otherProgramsDropped = 0;
  /** The last pair counted: traffic rarely changes between two of them. */
  #program = -1;
  #version = -1;
  #key = "";

  countOther(program: number, version: number): void {
    if (program !== this.#program || version !== this.#version) {
      this.#program = program;
      this.#version = version;
      this.#key = `${program}.${version}`;
    }
    const count = this.otherRpc.get(this.#key);
    if (count !== undefined) this.otherRpc.set(this.#key, count + 1);
    else if (this.otherRpc.size < PROGRAMS_MAX) this.otherRpc.set(this.#key, 1);
    else this.otherProgramsDropped++;
  }

  limits() {
    return [{ name: "RPC programs counted apart", bound: PROGRAMS_MAX, dropped: this.otherProgramsDropped }];
  }
}
