/** Bytes that are not the XDR they should be. `offset` is the logical offset in the record where the trouble begins. */
export class XdrError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "XdrError";
    this.offset = offset;
  }
}
