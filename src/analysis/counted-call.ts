/** A call that is only counted: another program, NULL, NFSv4.0, or a body that cannot be read. */
export interface CountedCall {
  readonly isCallback: boolean;
  readonly isTlsProbe: boolean;
}

export const COUNTED: CountedCall = { isCallback: false, isTlsProbe: false };
export const COUNTED_CALLBACK: CountedCall = { isCallback: true, isTlsProbe: false };
export const TLS_PROBE: CountedCall = { isCallback: false, isTlsProbe: true };
