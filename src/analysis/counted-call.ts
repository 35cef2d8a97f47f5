import type { Sighting } from "../session/sighting.ts";

/** A call that is only counted: another program, NULL, NFSv4.0, or a body that cannot be read. */
export interface CountedCall {
  /** `nfs`: of NFSv4, so that a refusal is news. */
  readonly kind: "other" | "nfs" | "tls-probe" | "gss-creation";
  readonly isCallback: boolean;
  /** Null where there may be very many. */
  readonly seen: Sighting | null;
}

export const COUNTED: CountedCall = { kind: "other", isCallback: false, seen: null };
export const COUNTED_CALLBACK: CountedCall = { kind: "nfs", isCallback: true, seen: null };
export const ENCRYPTED: CountedCall = { kind: "nfs", isCallback: false, seen: null };
