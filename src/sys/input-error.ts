/** An input cannot be read at all; the message says which one, where and what to do. */
export class InputError extends Error {
  /** The input as the user named it; may hold any bytes, escape it before showing. */
  readonly input: string;
  /** The message without it. */
  readonly problem: string;
  /** Byte offset of what is wrong, null when it is not about a place in the input. */
  readonly offset: number | null;

  constructor(input: string, problem: string, offset: number | null = null) {
    super(`${input}: ${problem}`);
    this.name = "InputError";
    this.input = input;
    this.problem = problem;
    this.offset = offset;
  }
}
