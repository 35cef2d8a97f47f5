/** What a command ends with; scripts rely on these numbers. */
export const EXIT = {
  /** Done, whatever was found. */
  done: 0,
  /** Done, and a finding at or above `--fail-on` exists. */
  found: 1,
  /** Bad usage, an input that cannot be read, an error of our own: something asked for was not done. */
  failed: 2,
  /** The user pressed Ctrl-C twice. */
  interrupted: 130,
} as const;
