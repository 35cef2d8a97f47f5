/** Where and when something was seen in the captures. */
export interface Sighting {
  /** Index into the analysis' list of captures. */
  readonly capture: number;
  /** Frame number within that capture, 1-based, as Wireshark numbers it. */
  readonly frame: number;
  /** Nanoseconds since the analysis' base time. */
  readonly at: number;
}
