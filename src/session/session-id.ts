/** Bytes of a sessionid4. RFC 8881 §3.1 */
const SESSION_ID_SIZE = 16;

export interface NewSessionId {
  readonly id: Uint8Array;
  /** `fallback`: the random source failed; the id is unique on this server, but an attacker can guess it. */
  readonly source: "random" | "fallback";
}

/**
 * Makes a session id from a cryptographic random source. Only if that throws or comes up short, it is made from the
 * client id and the clock, and `source` says so: whoever guesses a session id can use the session under SP4_NONE.
 * The caller keeps ids of live sessions apart by asking again.
 */
export function newSessionId(
  random: (bytes: number) => Uint8Array,
  fallback: { readonly clientId: bigint; readonly nowNanos: bigint },
): NewSessionId {
  const bytes = tryRandom(random);
  if (bytes !== null) return { id: bytes, source: "random" };
  const id = new Uint8Array(SESSION_ID_SIZE);
  const view = new DataView(id.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, fallback.clientId));
  view.setBigUint64(8, BigInt.asUintN(64, fallback.nowNanos));
  return { id, source: "fallback" };
}

function tryRandom(random: (bytes: number) => Uint8Array): Uint8Array | null {
  try {
    const bytes = random(SESSION_ID_SIZE);
    // A copy: the source may reuse its buffer.
    return bytes.length === SESSION_ID_SIZE ? Uint8Array.from(bytes) : null;
  } catch {
    return null;
  }
}

/** 32 lower-case hexadecimal digits, the spelling in reports and the key of tables. */
export function sessionIdText(id: Uint8Array): string {
  let text = "";
  for (const byte of id) text += byte.toString(16).padStart(2, "0");
  return text;
}
