import type { Endpoint } from "../net/stream.ts";

/** `10.0.0.1:2049`, `[fd09::1]:2049`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
