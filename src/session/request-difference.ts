/** Where a request first differs from the one that had its slot and sequence id before. */
export interface RequestDifference {
  /** Index in the compound; SEQUENCE is 0. */
  readonly operation: number;
  /** Its name, in the first of the two that has an operation there. */
  readonly name: string;
  /** The field's XDR path, `lookup.objname`; `operation` where the operations themselves differ. */
  readonly path: string;
  /** Both values, for people: shortened, `none` where there is none. Not escaped. */
  readonly before: string;
  readonly after: string;
}
