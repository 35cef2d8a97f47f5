import type { Endpoint } from "../sys/sockets.ts";
import { UsageError } from "./usage-error.ts";

const PORT_MAX = 65_535;
const BRACKETED = /^\[(?<host>[\da-fA-F:.%\w]+)\](?::(?<port>\d{1,5}))?$/;
const PLAIN = /^(?<host>[^:\s]*)(?::(?<port>\d{1,5}))?$/;
/** Colons without brackets: an IPv6 address and no port. */
const BARE_IPV6 = /^(?<host>[\da-fA-F:.]*:[\da-fA-F:.]*:[\da-fA-F:.]*)$/;

/** Reads `host:port`, `host`, `[::1]:2049` or, where the host may be left out, `:port`. */
export function endpointFrom(text: string, missing: { readonly host?: string; readonly port: number }): Endpoint {
  const found = BRACKETED.exec(text) ?? PLAIN.exec(text) ?? BARE_IPV6.exec(text);
  const host = found?.groups?.host || (found === null ? "" : missing.host);
  const port = Number(found?.groups?.port ?? missing.port);
  if (host === undefined || host === "" || port > PORT_MAX) {
    throw new UsageError(`${text} is no address: write HOST, HOST:PORT or [IPV6]:PORT`);
  }
  return { host, port };
}

/** Reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
