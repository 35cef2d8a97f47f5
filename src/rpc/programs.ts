/** RPC programs, and whether a call's numbers look like those of a program at all. */

export const NFS_PROGRAM = 100003;

/** NFSv4 clients pick their callback program from the transient range. RFC 5531 §13.2. */
const TRANSIENT_PROGRAM_FIRST = 0x4000_0000;
const TRANSIENT_PROGRAM_LAST = 0x5fff_ffff;

/** Numbers registered by Sun and IANA lie below this; the registry ends near 600,000,000 but is sparse. */
const REGISTERED_PROGRAM_FIRST = 100_000;
const REGISTERED_PROGRAM_LAST = 409_999;
/** 0x20000000-0x3fffffff: defined by the local administrator. RFC 5531 §13.2. */
const LOCAL_PROGRAM_FIRST = 0x2000_0000;

const PLAUSIBLE_VERSION_MAX = 255;
const PLAUSIBLE_PROCEDURE_MAX = 1023;

/** True for a program number that an NFSv4 client may have chosen for its callbacks. */
export function isTransientProgram(program: number): boolean {
  return program >= TRANSIENT_PROGRAM_FIRST && program <= TRANSIENT_PROGRAM_LAST;
}

/** Could these be the program, version and procedure of a real call? Wide on purpose: other header fields are checked too. */
export function plausibleCall(program: number, version: number, procedure: number): boolean {
  if (version > PLAUSIBLE_VERSION_MAX || procedure > PLAUSIBLE_PROCEDURE_MAX) return false;
  if (program >= REGISTERED_PROGRAM_FIRST && program <= REGISTERED_PROGRAM_LAST) return true;
  return program >= LOCAL_PROGRAM_FIRST && program <= TRANSIENT_PROGRAM_LAST;
}
