import type { Endpoint } from "../sys/sockets.ts";
import { UsageError } from "./usage-error.ts";

const PORT_MAX = 65_535;

/** Reads `host:port`, `host`, `[::1]:2049` or, where the host may be left out, `:port`. */
export function endpointFrom(text: string, missing: { readonly host?: string; readonly port: number }): Endpoint {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const [, name, port] = bracketed ?? /^([^:]*)(?::(\d+))?$/.exec(text) ?? [];
  // Colons without brackets: an IPv6 address and no port.
  const host = name ?? (/^[\da-fA-F:.]+$/.test(text) ? text : "");
  const number = port === undefined ? missing.port : Number(port);
  const chosen = host === "" ? (missing.host ?? "") : host;
  if (chosen === "" || number > PORT_MAX) {
    throw new UsageError(`${text} is no address: write HOST, HOST:PORT or [IPV6]:PORT`);
  }
  return { host: chosen, port: number };
}

/** Reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
