/** Reading an input broke off in its middle; everything read before stays good. */
export class ReadError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ReadError";
  }
}
