const ZERO = 48;
const UINT32_MAX = 0xffff_ffff;
/** Whole numbers up to here divide without floating point. */
const SMALL_MAX = 0x3fff_ffff;

/** What a number takes at most, as JSON writes it. */
export const NUMBER_BYTES_MAX = 24;

/** Writes a number as JSON does; returns the place behind it. Made for whole ones of 32 bits. */
export function putNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value < 10 && value === (value | 0)) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (!(value >= 0 && value <= UINT32_MAX && value === value >>> 0)) return putAscii(bytes, at, JSON.stringify(value));
  const end = at + digitsOf(value);
  let rest = value;
  let place = end - 1;
  if (rest > SMALL_MAX) {
    const tenth = Math.floor(rest / 10);
    bytes[place--] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  for (let left = rest | 0; place >= at; place--) {
    const tenth = (left / 10) | 0;
    bytes[place] = ZERO + (left - tenth * 10);
    left = tenth;
  }
  return end;
}

/** Writes the nanoseconds of a second, all nine digits. */
export function putNanos(bytes: Uint8Array, at: number, nanos: number): number {
  let left = nanos | 0;
  for (let place = at + 8; place >= at; place--) {
    const tenth = (left / 10) | 0;
    bytes[place] = ZERO + (left - tenth * 10);
    left = tenth;
  }
  return at + 9;
}

/** Writes text that has no other characters. */
export function putAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  return digits;
}
