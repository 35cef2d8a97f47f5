/** An address as it stands in an IP header, 4 or 16 bytes, and a port. */
export interface RawEndpoint {
  readonly address: Uint8Array;
  readonly port: number;
}

/** An IPv4 address written as an IPv6 one, as a socket for both families shows it. RFC 4291 §2.5.5.2 */
const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Reads `10.0.0.1:2049` or `[fd09::1]:2049`; null when it is neither. */
export function parseEndpoint(text: string): RawEndpoint | null {
  const [, bracketed, plain, port] = /^(?:\[([^\]%]+)(?:%[^\]]*)?\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = (bracketed ?? plain ?? "").replace(MAPPED, "");
  const address = host.includes(":") ? ipv6Bytes(host) : ipv4Bytes(host);
  const number = Number(port);
  return address === null || number > 0xffff ? null : { address, port: number };
}

function ipv4Bytes(text: string): Uint8Array | null {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return isAddress ? Uint8Array.from(parts, Number) : null;
}

/** RFC 4291 §2.2: eight groups, of which one run of zeros may be left out. */
function ipv6Bytes(text: string): Uint8Array | null {
  const [head, tail, ...rest] = text.split("::");
  const front = groupsOf(head);
  const back = groupsOf(tail ?? "");
  const missing = 8 - front.length - back.length;
  if (rest.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return null;
  const all = [...front, ...new Array<string>(missing).fill("0"), ...back];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(all.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
