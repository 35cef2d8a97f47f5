const NOBODY = 65_534;

/** Whom this process acts for. */
export function processUser(): { uid: number; gid: number } {
  return { uid: process.getuid?.() ?? NOBODY, gid: process.getgid?.() ?? NOBODY };
}
